import { describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors/app-error.ts';
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

  it('is not drawn, and says which characters are missing, where no font knows them', () => {
    const partly: SealFont = {
      findGlyph: (character) => (character === '甲' ? squareFont.findGlyph(character) : undefined),
    };
    const missing = (appearance: Parameters<typeof drawSeal>[0], fonts = [partly]): unknown => {
      try {
        drawSeal(appearance, fonts);
        return undefined;
      } catch (error) {
        return error instanceof AppError && [error.code, error.details['characters']];
      }
    };
    const code = 'SEAL_CHARACTERS_MISSING';
    expect(missing({ companyName: '甲㐀甲㐀𠀀' })).toEqual([code, '㐀 𠀀']);
    expect(missing({ companyName: '甲', creditCode: '9' })).toEqual([code, '9']);
    expect(missing({ companyName: '甲', caption: '模' })).toEqual([code, '模']);
    expect(missing({ personName: '甲甲甲' })).toEqual([code, '印']);
    expect(missing({ companyName: '甲\ue000' })).toEqual([code, '\ue000']);
    expect(missing({ companyName: '甲 甲' })).toBeUndefined();
    // a variation selector chooses a shape and is none
    expect(missing({ companyName: '甲\u{e0100}\ufe00' })).toBeUndefined();
  });

  it('asks the next font where the first has a character without a shape', () => {
    const blank: SealFont = { findGlyph: () => ({ advanceEm: 1, path: [] }) };
    expect(countGlyphs(drawSeal({ companyName: '甲乙' }, [blank, squareFont]))).toBe(2);
    expect(() => drawSeal({ companyName: '甲乙' }, [blank])).toThrow('SEAL_CHARACTERS_MISSING');
  });

  it('asks the next font where the first does not know a character', () => {
    const asked: string[] = [];
    const second: SealFont = {
      findGlyph: (character) => (asked.push(character), squareFont.findGlyph(character)),
    };
    drawSeal({ companyName: '甲' }, [emptyFont, second]);
    expect(new Set(asked)).toEqual(new Set(['甲']));
  });

  it('keeps long names inside the ring', () => {
    const ink = drawSeal({ companyName: '某'.repeat(40) }, [squareFont]);
    expect(countGlyphs(ink)).toBe(40);
  });
});

it('says that a font without TrueType outlines will not do', () => {
  expect(() => parseSealFont(Buffer.from('OTTO\0\0\0\0\0\0\0\0', 'latin1'))).toThrow('no table head');
});
