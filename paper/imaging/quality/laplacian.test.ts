import { expect, test } from 'vitest';
import { laplacianVariance } from './laplacian.ts';

/** A chess board of 0 and 100 with squares of one pixel: every Laplacian is four times 100, up or down. */
function board(width: number, height: number): { data: Uint8Array; width: number; height: number } {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    (Math.floor(i / width) + (i % width)) % 2 === 0 ? 0 : 100,
  );
  return { data, width, height };
}

test('the variance of a chess board is that of four neighbours of the other colour, up to the rim', () => {
  const area = { left: 0, top: 0, right: 10, bottom: 8 };
  expect(laplacianVariance(board(10, 8), area)).toBeCloseTo(400 ** 2, 6);
  expect(laplacianVariance(board(10, 8), { left: 8, top: 6, right: 10, bottom: 8 })).toBeCloseTo(400 ** 2, 6);
});

test('a slope has none, and an edge has some where the area takes it in', () => {
  const slope = { data: Uint8Array.from({ length: 400 }, (_, i) => 5 * (i % 20)), width: 20, height: 20 };
  expect(laplacianVariance(slope, { left: 2, top: 2, right: 18, bottom: 18 })).toBe(0);
  const edge = {
    data: Uint8Array.from({ length: 400 }, (_, i) => (i % 20 < 10 ? 30 : 200)),
    width: 20,
    height: 20,
  };
  expect(laplacianVariance(edge, { left: 0, top: 0, right: 8, bottom: 20 })).toBe(0);
  // Two of ten columns stand at the edge: plus and minus 170.
  expect(laplacianVariance(edge, { left: 5, top: 0, right: 15, bottom: 20 })).toBeCloseTo(
    (2 * 170 ** 2) / 10,
    6,
  );
});

test('nothing is as sharp as nothing', () => {
  expect(laplacianVariance(board(4, 4), { left: 2, top: 2, right: 2, bottom: 4 })).toBe(0);
});
