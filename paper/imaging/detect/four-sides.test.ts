import { describe, expect, test } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { convexHull, fourSides } from './four-sides.ts';
import { distance } from '../geometry.ts';

const sheet: Quad = [
  [10, 12],
  [110, 20],
  [104, 90],
  [6, 84],
];

/** Points along the sides, with the corner number `cut` taken away up to a fifth of its sides. */
function outline(cut?: number): Point[] {
  return sheet.flatMap((a, i) => {
    const b = sheet[(i + 1) % 4] as Point;
    return Array.from({ length: 41 }, (_, k) => k / 40)
      .filter((t) => (cut !== i || t > 0.2) && (cut !== (i + 1) % 4 || t < 0.8))
      .map((t): Point => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
  });
}

const worst = (found: Quad | undefined): number =>
  Math.max(...sheet.map((corner) => Math.min(...(found ?? []).map((p) => distance(p, corner)), 99)));

describe('the four sides of a blob', () => {
  test('are those of the sheet whose outline it is', () => {
    expect(worst(fourSides(convexHull(outline())))).toBeLessThan(0.01);
  });

  test.each([0, 1, 2, 3])('give corner %i back that is folded over', (cut) => {
    expect(worst(fourSides(convexHull(outline(cut))))).toBeLessThan(0.01);
  });

  test('are not found for three points', () => {
    expect(fourSides(convexHull(sheet.slice(0, 3)))).toBeUndefined();
  });
});
