import { expect, test } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance } from '../geometry.ts';
import { quadsAround } from './side-search.ts';

/** Lab of a pale sheet on a dark desk; from its right side on a like sheet goes on to the picture's rim. */
function sheetUponLike(): { data: Uint8Array; width: number; height: number } {
  const [width, height] = [400, 300];
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) data[3 * (y * width + x)] = x >= 60 && y >= 50 && y < 250 ? 220 : 40;
  return { data, width, height };
}

test('keeps a side that only the network saw, and mends the others by their edges', () => {
  // The left side lies 7 px off; nothing in the picture shows the right one.
  const rough: Quad = [[67, 50], [330, 50], [330, 250], [67, 250]]; // prettier-ignore
  const sheet: Quad = [[60, 50], [330, 50], [330, 250], [60, 250]]; // prettier-ignore
  const off = (quad: Quad): number => Math.max(...quad.map((p, i) => distance(p, sheet[i] as Point)));
  expect(Math.min(...quadsAround(sheetUponLike(), rough, 80).map(off))).toBeLessThan(3);
});
