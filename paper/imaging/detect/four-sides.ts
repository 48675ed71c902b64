/** The quadrilateral around a blob of pixels: convex hull, then the sides that matter least are given up. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, intersect, isConvex, lineThrough, orderCorners } from '../geometry.ts';

/** Convex hull, clockwise on a screen (Andrew's monotone chain). */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of list) {
      while (chain.length >= 2 && turn(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

const turn = (a: Point, b: Point, c: Point): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/**
 * Takes away, one after the other, the side whose neighbours meet soonest behind it, until four are left: a rounded or
 * turned-over corner and a corner beyond the picture come back as the crossing of the sides beside them.
 */
export function fourSides(hull: readonly Point[]): Quad | undefined {
  let points = withoutFlat(hull);
  while (points.length > 4) {
    let least = Infinity;
    let best: { at: number; corner: Point } | undefined;
    const n = points.length;
    for (let i = 0; i < n; i += 1) {
      const [before, a, b, after] = [-1, 0, 1, 2].map((d) => points[(i + d + n) % n] as Point) as Quad;
      const corner = intersect(lineThrough(before, a), lineThrough(after, b));
      // The neighbours must meet behind the side, not in front of it.
      if (!corner || turn(a, b, corner) >= 0) continue;
      const added = Math.abs(turn(a, b, corner)) / 2;
      if (added < least) {
        least = added;
        best = { at: i, corner };
      }
    }
    if (!best) return undefined;
    const { at, corner } = best;
    const next = (at + 1) % n;
    points[at] = corner;
    points = points.filter((_, i) => i !== next);
  }
  if (points.length < 4) return undefined;
  const quad = orderCorners(points);
  const shortest = Math.min(...quad.map((p, i) => distance(p, quad[(i + 1) % 4] as Point)));
  return isConvex(quad) && shortest > 3 ? quad : undefined;
}

/** Leaves out the points that hardly stand off the line between their neighbours: two of them give no direction. */
function withoutFlat(hull: readonly Point[]): Point[] {
  const kept: Point[] = [];
  hull.forEach((point, i) => {
    const before = kept.at(-1) ?? hull.at(-1) ?? point;
    const after = hull[(i + 1) % hull.length] as Point;
    const off = Math.abs(turn(before, point, after)) / (distance(before, after) || 1);
    if (off > flatPx) kept.push(point);
  });
  return kept;
}

const flatPx = 1e-3;
