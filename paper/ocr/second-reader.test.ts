import { describe, expect, test } from 'vitest';
import { decodeGreedily } from './ctc/greedy.ts';
import { keepFrames } from './ctc/kept-frames.ts';
import { joinCharsets } from './second-reader.ts';

const output = { name: 'y', frameStride: 4, blank: 0, firstClass: 1 };
const first = { chars: ['甲', '乙', 'A'], output };
const second = { chars: ['A', '龍', '甲', ' '], output };

/** Logits of one line, a row of classes for each frame. */
const line = (...rows: number[][]) =>
  keepFrames(Float32Array.from(rows.flat()), rows.length, rows[0]?.length ?? 0, 0);

describe('a second recogniser', () => {
  test('keeps the classes of the first and appends what only the second has', () => {
    expect(joinCharsets(first, second).chars).toEqual(['甲', '乙', 'A', '龍']);
  });

  test('says the same characters in the classes of the first', () => {
    const { chars, translate } = joinCharsets(first, second);
    const seen = translate(line([0, 9, 0, 0, 0], [9, 0, 0, 0, 0], [0, 0, 9, 0, 0], [0, 0, 0, 9, 0]));
    expect(seen.classes).toBe(5);
    expect(decodeGreedily(seen).map(({ classId }) => chars[classId - 1])).toEqual(['A', '龍', '甲']);
  });

  test('takes the gap between words for blank, with the probability of both', () => {
    const { translate } = joinCharsets(first, second);
    const seen = translate(line([2, 0, 0, 0, 2]));
    expect(decodeGreedily(seen)).toEqual([]);
    const [probability] = seen.values.slice(0, 1).map(Math.exp);
    const whole = 2 * Math.exp(2) + 3;
    expect(probability).toBeCloseTo((2 * Math.exp(2)) / whole, 5);
  });

  test('knows which characters the second does not have', () => {
    const { knows } = joinCharsets(first, second);
    expect([1, 2, 3, 4].map(knows)).toEqual([true, false, true, true]);
  });

  test('leaves a recogniser without a second as it is', () => {
    const { chars, translate } = joinCharsets(first);
    const seen = line([0, 9, 0, 0]);
    expect(chars).toEqual(first.chars);
    expect(translate(seen)).toBe(seen);
  });
});
