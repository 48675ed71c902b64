/** From the detector's probability map to rotated boxes. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { signedArea } from '../imaging/geometry.ts';

/** How much a found box grows, for the map shows shrunk text. */
export const unclipRules = ['min-side', 'area-perimeter'] as const;

export interface RegionOptions {
  threshold: number;
  /** Mean probability a region must reach. */
  boxThreshold: number;
  /** Regions whose shorter side is under this (map pixels x stride = input pixels) are noise. */
  minSide: number;
  /**
   * `min-side`: both sides grow by `factor` x the shorter side; `area-perimeter`: each edge moves out by
   * area x `factor` / perimeter (Vatti clipping as in Liao et al., Real-time Scene Text Detection, 2019). Both ends of
   * the line then move out by `along` x its height: a mark or a stroke at the end is lost most easily.
   */
  unclip: { rule: (typeof unclipRules)[number]; factor: number; along?: number | undefined };
}

/** Boxes in map pixels, corners clockwise from the top left, for text that runs mainly to the right. */
export function findRegions(
  map: Float32Array,
  width: number,
  height: number,
  options: RegionOptions,
): Quad[] {
  const labels = new Int32Array(width * height);
  const batch: number[] = [];
  const quads: Quad[] = [];
  let label = 0;
  for (let seed = 0; seed < labels.length; seed += 1) {
    if (labels[seed] !== 0 || (map[seed] as number) < options.threshold) continue;
    label += 1;
    labels[seed] = label;
    batch.push(seed);
    let total = 0;
    let count = 0;
    // The hull needs only the leftmost and rightmost pixel of each row.
    const rows = new Map<number, [number, number]>();
    while (batch.length > 0) {
      const i = batch.pop() as number;
      const x = i % width;
      const y = (i - x) / width;
      total += map[i] as number;
      count += 1;
      const row = rows.get(y);
      if (!row) rows.set(y, [x, x]);
      else if (x < row[0]) row[0] = x;
      else if (x > row[1]) row[1] = x;
      for (const [nx, ny] of [
        [x - 1, y],
        [x + 1, y],
        [x, y - 1],
        [x, y + 1],
      ] as const) {
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
        const j = ny * width + nx;
        if (labels[j] !== 0 || (map[j] as number) < options.threshold) continue;
        labels[j] = label;
        batch.push(j);
      }
    }
    if (count < 6 || total / count < options.boxThreshold) continue;
    const points: Point[] = [];
    for (const [y, [left, right]] of rows)
      points.push([left, y], [left, y + 1], [right + 1, y], [right + 1, y + 1]);
    const box = smallestBox(convexHull(points));
    if (!box || Math.min(box.across, box.down) < options.minSide) continue;
    quads.push(quadOfBox(box, growthOf(box, options.unclip), options.unclip.along ?? 0));
  }
  return quads;
}

interface Box {
  centre: Point;
  /** Direction of the side `across`, the one nearer to the x axis. */
  angle: number;
  across: number;
  down: number;
}

/** What is added to both sides of the box. */
function growthOf({ across, down }: Box, { rule, factor }: RegionOptions['unclip']): number {
  if (rule === 'min-side') return factor * Math.min(across, down);
  return (across * down * factor) / (across + down);
}

function quadOfBox({ centre, angle, across, down }: Box, grow: number, along: number): Quad {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const hy = (down + grow) / 2;
  const hx = (across + grow) / 2 + along * 2 * hy;
  const corner = (x: number, y: number): Point => [centre[0] + c * x - s * y, centre[1] + s * x + c * y];
  return [corner(-hx, -hy), corner(hx, -hy), corner(hx, hy), corner(-hx, hy)];
}

/** Andrew's monotone chain. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of ordered) {
      while (chain.length >= 2 && turn(chain.at(-2) as Point, chain.at(-1) as Point, p) <= 0) chain.pop();
      chain.push(p);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

const turn = (a: Point, b: Point, c: Point): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Smallest rectangle around a hull: one of its sides lies along the rectangle (Freeman & Shapira 1975). */
function smallestBox(hull: readonly Point[]): Box | undefined {
  if (hull.length < 3 || Math.abs(signedArea(hull)) < 1) return undefined;
  let best: Box | undefined;
  let bestArea = Infinity;
  for (let i = 0; i < hull.length; i += 1) {
    const a = hull[i] as Point;
    const b = hull[(i + 1) % hull.length] as Point;
    let angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    // Fold into -45..45 degrees: text on a straightened page runs to the right.
    while (angle > Math.PI / 4) angle -= Math.PI / 2;
    while (angle <= -Math.PI / 4) angle += Math.PI / 2;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of hull) {
      const u = c * x + s * y;
      const v = -s * x + c * y;
      if (u < left) left = u;
      if (u > right) right = u;
      if (v < top) top = v;
      if (v > bottom) bottom = v;
    }
    const area = (right - left) * (bottom - top);
    if (area < bestArea) {
      bestArea = area;
      const [u, v] = [(left + right) / 2, (top + bottom) / 2];
      best = { centre: [c * u - s * v, s * u + c * v], angle, across: right - left, down: bottom - top };
    }
  }
  return best;
}
