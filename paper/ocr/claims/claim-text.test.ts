import { describe, expect, test } from 'vitest';
import { createCharTable } from '../char-table.ts';
import { coreOf, positionsOf, readClaim } from './claim-text.ts';

const chars = createCharTable(['上', '海', '(', ')', '（', '）', '1', '5', '.', ':'], 1);

describe('what a claim amounts to', () => {
  test.each([
    ['上海（1）。', '上海1'],
    ['上 海', '上海'],
    ['1.5', '1.5'],
    ['上.海', '上海'],
    ['［2023］', '2023'],
    ['Ａ１', 'A1'],
    ['2035-04', '2035-04'],
    ['7--3-532', '7-3-532'],
    ['2021.12..26', '2021.12.26'],
  ])('%s has the core %s', (text, core) => {
    expect(coreOf(text)).toBe(core);
  });
});

describe('ways a claim may stand on paper', () => {
  test('both widths of a bracket are alternatives of one optional position', () => {
    const { positions } = positionsOf(readClaim('(上）'), { chars, seenSigns: [], anyClass: [] });
    expect(positions).toEqual([
      { classes: [3, 5], optional: true },
      { classes: [1], optional: false },
      { classes: [4, 6], optional: true },
    ]);
  });

  test('signs seen on the paper may stand in every gap', () => {
    const { positions, owners } = positionsOf(readClaim('上海'), { chars, seenSigns: [10], anyClass: [] });
    expect(positions.map((p) => p.optional)).toEqual([true, false, true, false, true]);
    expect(owners).toEqual([-1, 0, -1, 1, -1]);
  });

  test('an unknown character is stood in for, and the claim says so', () => {
    const { positions, hasUnknown } = positionsOf(readClaim('上㛃'), { chars, seenSigns: [], anyClass: [2] });
    expect(hasUnknown).toBe(true);
    expect(positions[1]).toEqual({ classes: [2], optional: false });
  });
});
