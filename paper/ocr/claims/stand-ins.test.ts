import { expect, test } from 'vitest';
import { createCharTable } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { scoreViews } from './score-claims.ts';
import { viewOf } from './claim-views.ts';
import { viewWithStandIns } from './stand-ins.ts';

const signs = [...'0OD9Q'];
const chars = createCharTable(signs, 1);
const classes = signs.length + 1;

/** A frame of each distribution over the signs, a blank frame behind it. */
function written(...frames: Partial<Record<string, number>>[]): FrameMatrix {
  const rows = frames.flatMap((frame) => [frame, {}]);
  const data = new Float32Array(rows.length * classes);
  const best = new Int32Array(rows.length);
  rows.forEach((frame, t) => {
    const parts = [0, ...signs.map((sign) => frame[sign] ?? 1e-6)];
    parts[0] = Math.max(1e-6, 1 - parts.reduce((sum, part) => sum + part, 0));
    parts.forEach((part, c) => (data[t * classes + c] = Math.log(part)));
    best[t] = parts.indexOf(Math.max(...parts));
  });
  return { data, best, frames: rows.length, classes, blank: 0 };
}

const view = viewOf(written({ D: 0.999 }, { O: 0.9, 0: 0.09 }, { 9: 0.999 }), chars, 0);
const probability = (claim: string, one = view): number => scoreViews([one], [claim], chars).probability;

test('what is read as a sign that a code cannot hold bears out the one it stands for', () => {
  expect(view.text).toBe('DO9');
  expect(probability('D09')).toBeLessThan(0.2);
  const known = viewWithStandIns(view, { O: '0' }, chars);
  expect(known.text).toBe('D09');
  expect(probability('D09', known)).toBeGreaterThan(0.9);
});

test('other look-alikes gain nothing from it', () => {
  const known = viewWithStandIns(view, { O: '0' }, chars);
  expect(probability('DD9', known)).toBeLessThan(0.01);
  expect(probability('DQ9', known)).toBeLessThan(0.01);
  expect(probability('DO9', known)).toBeLessThan(0.01);
});

test('rows still sum to one, and the likeliest class is the likeliest', () => {
  const { matrix } = viewWithStandIns(view, { O: '0' }, chars);
  for (let t = 0; t < matrix.frames; t += 1) {
    const row = [...matrix.data.subarray(t * classes, (t + 1) * classes)];
    expect(row.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 4);
    expect(matrix.best[t]).toBe(row.indexOf(Math.max(...row)));
  }
});
