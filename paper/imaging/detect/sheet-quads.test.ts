import { describe, expect, test } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { finderChannels } from './finder-map.ts';
import type { FinderMap } from './finder-map.ts';
import { distance } from '../geometry.ts';
import { findSheets, inReadingOrder } from './sheet-quads.ts';

const [width, height, scale] = [128, 96, 10];

/** The map that a faultless network would give for sheets, in pixels of the map. */
function mapOf(sheets: readonly Quad[]): FinderMap {
  const size = width * height;
  const data = new Float32Array(finderChannels.length * size);
  const put = (channel: (typeof finderChannels)[number], i: number, p: number): void => {
    const at = finderChannels.indexOf(channel) * size + i;
    data[at] = Math.max(data[at] as number, p);
  };
  for (let i = 0; i < size; i += 1) {
    const point: Point = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
    for (const sheet of sheets) {
      const depth = Math.min(...sheet.map((a, k) => insideBy(point, a, sheet[(k + 1) % 4] as Point)));
      if (depth > 0) put('inside', i, 1);
      if (depth > 8) put('core', i, 1);
      put('edge', i, Math.max(0, 1 - Math.abs(depth) / 2));
    }
  }
  return { data, width, height, scaleX: scale, scaleY: scale };
}

function insideBy([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  return ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / Math.hypot(bx - ax, by - ay);
}

const left: Quad = [
  [12, 14],
  [58, 10],
  [60, 78],
  [15, 82],
];
const right: Quad = [
  [62, 10],
  [115, 12],
  [113, 80],
  [64, 78],
];
const inPicture = (quad: Quad): Quad => quad.map(([x, y]): Point => [x * scale, y * scale]) as Quad;
const worst = (found: Quad, truth: Quad): number =>
  Math.max(...truth.map((corner, i) => distance(corner, found[i] as Point)));

describe('sheets in a map', () => {
  test('come back with corners within half a pixel of the map', () => {
    const [sheet, ...others] = findSheets(mapOf([left]));
    expect(others).toEqual([]);
    expect(worst(sheet?.corners as Quad, inPicture(left))).toBeLessThan(0.5 * scale);
    expect(sheet?.score).toBeGreaterThan(0.8);
  });

  test('that nearly touch are two, the left one first', () => {
    const sheets = findSheets(mapOf([right, left]));
    expect(sheets).toHaveLength(2);
    // Their edges run into one another, so that either corner may be a pixel or two of the map off.
    expect(worst(sheets[0]?.corners as Quad, inPicture(left))).toBeLessThan(2 * scale);
    expect(worst(sheets[1]?.corners as Quad, inPicture(right))).toBeLessThan(2 * scale);
  });

  test('an empty desk has none', () => {
    expect(findSheets(mapOf([]))).toEqual([]);
  });

  test('are read row by row although a row is not level', () => {
    const at = (x: number, y: number): { corners: Quad } => ({
      corners: [
        [x, y],
        [x + 40, y],
        [x + 40, y + 50],
        [x, y + 50],
      ],
    });
    const [a, b, c] = [at(0, 8), at(60, 0), at(5, 70)];
    expect(inReadingOrder([c, b, a])).toEqual([a, b, c]);
  });
});
