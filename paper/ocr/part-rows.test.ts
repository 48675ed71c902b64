import { expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { rectangleQuad } from '../imaging/geometry.ts';
import type { GreyPicture } from '../imaging/picture.ts';
import { partRows } from './part-rows.ts';

const [width, height] = [600, 400];
/** Strokes of print, every second pixel column, in these rows; paper elsewhere. */
function pageWith(...rows: [top: number, bottom: number][]): GreyPicture {
  const data = new Uint8Array(width * height).fill(230);
  for (const [top, bottom] of rows)
    for (let y = top; y < bottom; y += 1)
      for (let x = 20; x < 580; x += 1) if (x % 4 < 2) data[y * width + x] = 40;
  return { data, width, height };
}
const row = (top: number, bottom: number): Quad => rectangleQuad(20, top - 4, 580, bottom + 4);
const usual = [0, 1, 2, 3, 4].map((i): [number, number] => [10 + 40 * i, 30 + 40 * i]);
const usualBoxes = usual.map(([top, bottom]) => row(top, bottom));

test('a box over two rows is parted between them, each half keeping its own row', () => {
  const page = pageWith(...usual, [300, 320], [326, 346]);
  const parted = partRows([...usualBoxes, row(300, 346)], page);
  expect(parted).toHaveLength(7);
  const [upper, lower] = parted.slice(5) as [Quad, Quad];
  expect(upper[0][1]).toBe(296);
  expect(upper[3][1]).toBeGreaterThan(320);
  expect(upper[3][1]).toBeLessThan(328);
  expect(lower[0][1]).toBeGreaterThan(318);
  expect(lower[0][1]).toBeLessThan(326);
  expect(lower[3][1]).toBe(350);
});

test('a row of larger print stays one', () => {
  const boxes = [...usualBoxes, row(300, 346)];
  expect(partRows(boxes, pageWith(...usual, [300, 346]))).toEqual(boxes);
});

test('short boxes, and boxes of a page with few rows, stay as they are', () => {
  const page = pageWith(...usual, [300, 320], [326, 346]);
  const title = rectangleQuad(20, 296, 140, 350);
  expect(partRows([...usualBoxes, title], page)).toEqual([...usualBoxes, title]);
  const few = [...usualBoxes.slice(0, 2), row(300, 346)];
  expect(partRows(few, page)).toEqual(few);
});
