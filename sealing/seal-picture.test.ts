import { describe, expect, it } from 'vitest';
import { squareFont } from '#tests/support/sealed-material.ts';
import { drawSeal } from './seal-picture.ts';
import { parseSealFont } from './true-type.ts';
import type { SealFont } from './true-type.ts';

const emptyFont: SealFont = { findGlyph: () => undefined };
const countGlyphs = (ink: string): number => ink.split('\n').filter((line) => line === 'B').length;

describe('the seal picture', () => {
  it('has ring, star and every character of name, code and caption', () => {
    const ink = drawSeal(
      { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5', caption: '模拟' },
      [squareFont],
    );
    expect(countGlyphs(ink)).toBe(12 + 18 + 2);
    expect(ink).toContain('3 w\n48 0 m');
    expect(ink).not.toMatch(/NaN|Infinity|e-/);
  });

  it('draws a hollow box for a character that no font knows, rather than nothing', () => {
    expect(countGlyphs(drawSeal({ companyName: '㐀' }, [emptyFont]))).toBe(1);
    expect(countGlyphs(drawSeal({ companyName: '甲 乙' }, [emptyFont]))).toBe(2);
  });

  it('asks the next font where the first does not know a character', () => {
    const asked: string[] = [];
    const second: SealFont = {
      findGlyph: (character) => (asked.push(character), squareFont.findGlyph(character)),
    };
    drawSeal({ companyName: '甲' }, [emptyFont, second]);
    expect(asked).toEqual(['甲']);
  });

  it('keeps long names inside the ring', () => {
    const ink = drawSeal({ companyName: '某'.repeat(40) }, [squareFont]);
    expect(countGlyphs(ink)).toBe(40);
  });
});

it('says that a font without TrueType outlines will not do', () => {
  expect(() => parseSealFont(Buffer.from('OTTO\0\0\0\0\0\0\0\0', 'latin1'))).toThrow('no table head');
});
