import { expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { isConvex, keptInside, rotated, withCorner } from './corner-geometry.ts';

const square: Quad = [
  [100, 100],
  [300, 100],
  [300, 300],
  [100, 300],
];

test('a page that lies as found is convex, one with crossed corners is not', () => {
  expect(isConvex(square)).toBe(true);
  expect(isConvex(withCorner(square, 0, [400, 200]))).toBe(false);
});

test('four quarter turns bring every corner home', () => {
  const home = [1, 2, 3, 4].reduce((quad) => rotated(quad, 90), square);
  home.forEach(([x, y], index) => {
    expect(x).toBeCloseTo(square[index]?.[0] ?? 0);
    expect(y).toBeCloseTo(square[index]?.[1] ?? 0);
  });
});

test('corners stay on the picture', () => {
  expect(keptInside(withCorner(square, 2, [999, -5]), 640, 480)[2]).toEqual([640, 0]);
});
