/** Plane geometry of pages: quads, lines and the projective map between two quads. Pure; units are pixels. */
import type { Point, Quad } from '#domain/reading/schema.ts';

/** Row-major 3x3 matrix of a projective map. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

/** A line through `point` along the unit vector `direction`. */
export interface Line2 {
  point: Point;
  direction: Point;
}

export const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

export function rectangleQuad(x0: number, y0: number, x1: number, y1: number): Quad {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** Signed area, positive when the quad runs clockwise on a screen (y down). */
export function signedArea(points: readonly Point[]): number {
  let twice = 0;
  for (let i = 0; i < points.length; i += 1) {
    const [ax, ay] = points[i] as Point;
    const [bx, by] = points[(i + 1) % points.length] as Point;
    twice += ax * by - bx * ay;
  }
  return twice / 2;
}

export function isConvex(quad: Quad): boolean {
  let sign = 0;
  for (let i = 0; i < 4; i += 1) {
    const a = quad[i] as Point;
    const b = quad[(i + 1) % 4] as Point;
    const c = quad[(i + 2) % 4] as Point;
    const cross = (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]);
    if (cross === 0 || (sign !== 0 && Math.sign(cross) !== sign)) return false;
    sign = Math.sign(cross);
  }
  return true;
}

/** Area that two convex quads share (Sutherland & Hodgman 1974: one cut by each side of the other). */
export function sharedArea(a: Quad, b: Quad): number {
  // Both clockwise, so that the inside of every side lies on the same hand.
  const [one, other] = [a, b].map((quad) => (signedArea(quad) < 0 ? quad.toReversed() : quad)) as [
    Point[],
    Point[],
  ];
  let left = one;
  other.forEach((from, i) => {
    left = cutBySide(left, from, other[(i + 1) % other.length] as Point);
  });
  return Math.abs(signedArea(left));
}

/** What of a polygon lies to the right of the way from `from` to `to`. */
function cutBySide(polygon: readonly Point[], from: Point, to: Point): Point[] {
  const inward = ([x, y]: Point): number =>
    (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
  return polygon.flatMap((point, i) => {
    const next = polygon[(i + 1) % polygon.length] as Point;
    const [here, there] = [inward(point), inward(next)];
    const kept = here >= 0 ? [point] : [];
    if (here >= 0 === there >= 0) return kept;
    const t = here / (here - there);
    return [...kept, [point[0] + t * (next[0] - point[0]), point[1] + t * (next[1] - point[1])]];
  });
}

/** Orders four corners clockwise, starting with the one nearest the picture's top left. */
export function orderCorners(points: readonly Point[]): Quad {
  const cx = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const cy = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const round = [...points].sort(
    (a, b) => Math.atan2(a[1] - cy, a[0] - cx) - Math.atan2(b[1] - cy, b[0] - cx),
  );
  let first = 0;
  for (let i = 1; i < 4; i += 1) {
    if (sum(round[i] as Point) < sum(round[first] as Point)) first = i;
  }
  return [0, 1, 2, 3].map((i) => round[(first + i) % 4] as Point) as Quad;
}
const sum = (p: Point): number => p[0] + p[1];

/** Starts the quad `turns` corners later: the corner that becomes the top left after turning. */
export function rotateQuad(quad: Quad, turns: number): Quad {
  return [0, 1, 2, 3].map((i) => quad[(((i + turns) % 4) + 4) % 4] as Point) as Quad;
}

export function lineThrough(a: Point, b: Point): Line2 {
  const length = distance(a, b) || 1;
  return { point: a, direction: [(b[0] - a[0]) / length, (b[1] - a[1]) / length] };
}

export function intersect(a: Line2, b: Line2): Point | undefined {
  const det = a.direction[0] * b.direction[1] - a.direction[1] * b.direction[0];
  if (Math.abs(det) < 1e-6) return undefined;
  const dx = b.point[0] - a.point[0];
  const dy = b.point[1] - a.point[1];
  const t = (dx * b.direction[1] - dy * b.direction[0]) / det;
  return [a.point[0] + t * a.direction[0], a.point[1] + t * a.direction[1]];
}

/** Least-squares line with weights (total least squares); undefined with fewer than two points. */
export function fitLine(points: readonly Point[], weights?: readonly number[]): Line2 | undefined {
  let w = 0;
  let mx = 0;
  let my = 0;
  points.forEach(([x, y], i) => {
    const k = weights?.[i] ?? 1;
    w += k;
    mx += k * x;
    my += k * y;
  });
  if (points.length < 2 || w <= 0) return undefined;
  mx /= w;
  my /= w;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  points.forEach(([x, y], i) => {
    const k = weights?.[i] ?? 1;
    xx += k * (x - mx) * (x - mx);
    xy += k * (x - mx) * (y - my);
    yy += k * (y - my) * (y - my);
  });
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  return { point: [mx, my], direction: [Math.cos(angle), Math.sin(angle)] };
}

export function distanceToLine(point: Point, line: Line2): number {
  const dx = point[0] - line.point[0];
  const dy = point[1] - line.point[1];
  return Math.abs(dx * line.direction[1] - dy * line.direction[0]);
}

/** The map that takes each corner of `from` to the corner of `to` with the same index. */
export function homography(from: Quad, to: Quad): Homography {
  const rows: number[][] = [];
  for (let i = 0; i < 4; i += 1) {
    const [x, y] = from[i] as Point;
    const [u, v] = to[i] as Point;
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u]);
    rows.push([0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  }
  const h = solve(rows);
  return [...h, 1] as unknown as Homography;
}

export function applyHomography(h: Homography, [x, y]: Point): Point {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** Gaussian elimination with pivoting on an n x (n+1) system. */
function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let column = 0; column < n; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < n; row += 1) {
      if (Math.abs(at(rows, row, column)) > Math.abs(at(rows, pivot, column))) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const lead = at(rows, column, column) || 1e-12;
    for (let row = 0; row < n; row += 1) {
      if (row === column) continue;
      const factor = at(rows, row, column) / lead;
      if (factor === 0) continue;
      for (let k = column; k <= n; k += 1)
        (rows[row] as number[])[k] = at(rows, row, k) - factor * at(rows, column, k);
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] || 1e-12));
}
const at = (rows: number[][], row: number, column: number): number =>
  (rows[row] as number[])[column] as number;

/**
 * Width : height of the flat rectangle whose picture is `quad`, from the two vanishing points, with the optical axis
 * through the middle of the picture (Zhang & He, "Whiteboard scanning", 2007). Falls back to mean side lengths when the
 * view is so nearly square-on that the focal length cannot be told.
 */
export function trueAspect(quad: Quad, pictureWidth: number, pictureHeight: number): number {
  const [tl, tr, br, bl] = quad;
  const plain = (distance(tl, tr) + distance(bl, br)) / (distance(tl, bl) + distance(tr, br));
  const u0 = pictureWidth / 2;
  const v0 = pictureHeight / 2;
  const m = ([x, y]: Point): [number, number, number] => [x - u0, y - v0, 1];
  const [m1, m2, m3, m4] = [m(tl), m(tr), m(bl), m(br)];
  const k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
  const k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
  if (!Number.isFinite(k2) || !Number.isFinite(k3)) return plain;
  // So little foreshortening on either axis leaves the focal length to noise.
  if (Math.abs(k2 - 1) < 0.03 || Math.abs(k3 - 1) < 0.03) return plain;
  const n2 = m2.map((value, i) => k2 * value - (m1[i] as number)) as [number, number, number];
  const n3 = m3.map((value, i) => k3 * value - (m1[i] as number)) as [number, number, number];
  const f2 = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2]);
  const diagonal2 = pictureWidth * pictureWidth + pictureHeight * pictureHeight;
  // Focal lengths of real cameras lie between about half and four diagonals.
  if (!(f2 > diagonal2 * 0.2) || f2 > diagonal2 * 16) return plain;
  const length = (n: [number, number, number]): number => (n[0] * n[0] + n[1] * n[1]) / f2 + n[2] * n[2];
  const aspect = Math.sqrt(length(n2) / length(n3));
  return aspect > plain * 0.75 && aspect < plain * 1.33 ? aspect : plain;
}
type Triple = [number, number, number];
const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
