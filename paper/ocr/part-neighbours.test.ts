import { describe, expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { partNeighbours } from './part-neighbours.ts';

const box = (left: number, top: number, right: number, bottom: number): Quad => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

describe('boxes of one row', () => {
  test('that reach into each other end in the middle of the overlap', () => {
    expect(partNeighbours([box(394, 704, 471, 756), box(259, 704, 432, 756)])).toEqual([
      box(413, 704, 471, 756),
      box(259, 704, 413, 756),
    ]);
  });

  test('that stand apart stay as they are', () => {
    const apart = [box(0, 0, 100, 40), box(120, 0, 200, 40)];
    expect(partNeighbours(apart)).toEqual(apart);
  });

  test('of different rows or sizes stay as they are', () => {
    const rows = [box(0, 0, 100, 40), box(90, 25, 200, 65), box(95, 0, 150, 15)];
    expect(partNeighbours(rows)).toEqual(rows);
  });

  test('of which one lies within the other stay as they are', () => {
    const within = [box(0, 0, 100, 40), box(80, 2, 98, 38)];
    expect(partNeighbours(within)).toEqual(within);
  });
});
