import { expect, test } from 'vitest';
import { pieceBox, toItems } from './layout.ts';
import type { Line, Quad } from './schema.ts';

const box: Quad = [
  [100, 50],
  [500, 50],
  [500, 90],
  [100, 90],
];
const edgesOf = (line: Pick<Line, 'text' | 'places'>, start: number, end: number): [number, number] => {
  const [item] = toItems([{ ...line, box, confidence: 1 }], 0);
  if (!item) throw new Error('no item');
  const [[left], [right]] = pieceBox({ item, start, end });
  return [left, right];
};

test('a piece is cut where the recogniser saw its characters, not by counting them', () => {
  // The label is set wide: by widths alone the value would begin at 300.
  const line = { text: '名称某某', places: [0.1, 0.4, 0.7, 0.9] };
  const [left, right] = edgesOf(line, 2, 4);
  expect(left).toBeCloseTo(320);
  expect(right).toBe(500);
});

test('between a wide and a narrow character the cut lies nearer to the narrow one', () => {
  const [left] = edgesOf({ text: '号9', places: [0.3, 0.6] }, 1, 2);
  expect(left).toBeCloseTo(100 + 400 * 0.5);
});

test('without places, or where they do not fit the text, widths decide', () => {
  expect(edgesOf({ text: '名称某某' }, 2, 4)).toEqual([300, 500]);
  expect(edgesOf({ text: '名称某某', places: [0.1] }, 2, 4)).toEqual([300, 500]);
});
