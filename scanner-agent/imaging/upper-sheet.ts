/**
 * Chooses between quads that lie within one another: a sheet on another sheet, a sheet on a folder, or a page with a
 * printed frame or field. Pure.
 */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distanceToLine, lineThrough, signedArea } from './geometry.ts';
import type { QuadScore } from './page-score.ts';
import type { Picture } from './picture.ts';

/** The inner quad must keep this part of the outer one's area: anything smaller is a picture or a table on the page. */
const MIN_INNER_SHARE = 0.55;
/** Support of the weakest side of an inner sheet; a printed line has the same paper on both sides and stays under it. */
const MIN_INNER_SIDE = 0.3;
const MIN_INNER_SCORE = 0.55;
/** Sides nearer than this part of the diagonal coincide. */
const SAME_SIDE = 0.008;
/** Lab units by which a folder under the sheet is darker or more colourful than the sheet. */
const CLEARLY_OTHER = 12;
/** Lightness by which the upper sheet's rim must exceed the lower sheet beside it; shading across it is under 1. */
const MIN_SHADE = 3;
/** Lab units within which two sheets of paper count as alike. */
const ALIKE = 13;

/** `scored` best first. Of several sheets that lie on the best the smallest is the uppermost. */
export function chooseSheet(scored: readonly QuadScore[], lab: Picture): QuadScore | undefined {
  let best = scored[0];
  for (let round = 0; best && round < 2; round += 1) {
    const outer: QuadScore = best;
    const inner = scored
      .filter((item) => item !== outer && isSheetOn(item, outer, lab))
      .sort((a, b) => Math.abs(signedArea(a.quad)) - Math.abs(signedArea(b.quad)))[0];
    if (!inner) break;
    best = inner;
  }
  return best;
}

function isSheetOn(inner: QuadScore, outer: QuadScore, lab: Picture): boolean {
  if (inner.score < MIN_INNER_SCORE || Math.min(...inner.sides) < MIN_INNER_SIDE) return false;
  const share = Math.abs(signedArea(inner.quad)) / Math.abs(signedArea(outer.quad));
  if (share < MIN_INNER_SHARE || share > 0.985) return false;
  const near = SAME_SIDE * Math.hypot(lab.width, lab.height);
  if (!inner.quad.every((corner) => insideBy(corner, outer.quad) > -1.5 * near)) return false;
  const own = [0, 1, 2, 3].filter((i) => !isSameSide(inner.quad, outer.quad, i, near));
  const sheet = meanColour(
    lab,
    (x, y) => insideBy([x, y], inner.quad) > near && insideBy([x, y], inner.quad) < 8 * near,
  );
  const rest = meanColour(
    lab,
    (x, y) => insideBy([x, y], outer.quad) > near && insideBy([x, y], inner.quad) < -near,
  );
  if (!sheet || !rest) return false;
  const gap = Math.hypot(sheet[0] - rest[0], sheet[1] - rest[1], sheet[2] - rest[2]);
  // What peeks out is paper too, on one or two sides: another sheet beneath. A frame's margin shows on all four.
  if (own.length < 4) return gap < ALIKE && own.every((i) => isBrighterInside(lab, inner.quad, i, near));
  const chroma = ([, a, b]: readonly number[]): number =>
    Math.hypot((a as number) - 128, (b as number) - 128);
  return (
    sheet[0] - rest[0] > CLEARLY_OTHER ||
    (gap > CLEARLY_OTHER && chroma(rest) - chroma(sheet) > CLEARLY_OTHER)
  );
}

/**
 * The paper (ink left out) just inside a side is a little brighter than just outside: the upper sheet shades the lower.
 * Beyond a printed line the paper is the same; a tinted field is darker than its margin.
 */
function isBrighterInside(lab: Picture, quad: Quad, i: number, near: number): boolean {
  const a = quad[i] as Point;
  const b = quad[(i + 1) % 4] as Point;
  const { direction } = lineThrough(a, b);
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const strip = (from: number, to: number): number => {
    const values: number[] = [];
    for (let along = 0.06 * length; along < 0.94 * length; along += 3) {
      for (let across = from; across < to; across += 1.5) {
        // The inside lies to the right of the way of travel, y down.
        const x = Math.round(a[0] + along * direction[0] - across * direction[1]);
        const y = Math.round(a[1] + along * direction[1] + across * direction[0]);
        if (x < 0 || y < 0 || x >= lab.width || y >= lab.height) continue;
        values.push((lab.data[(y * lab.width + x) * 3] as number) / 2.55);
      }
    }
    values.sort((p, q) => q - p);
    const half = values.slice(0, Math.ceil(values.length / 2));
    return half.reduce((sum, v) => sum + v, 0) / (half.length || 1);
  };
  return strip(0.4 * near, 1.8 * near) - strip(-1.8 * near, -0.4 * near) > MIN_SHADE;
}

/** Distance of a point to the nearest side, positive within the (clockwise) quad. */
function insideBy(point: Point, quad: Quad): number {
  let least = Infinity;
  for (let i = 0; i < 4; i += 1) {
    const a = quad[i] as Point;
    const { direction } = lineThrough(a, quad[(i + 1) % 4] as Point);
    least = Math.min(least, direction[0] * (point[1] - a[1]) - direction[1] * (point[0] - a[0]));
  }
  return least;
}

function isSameSide(inner: Quad, outer: Quad, i: number, near: number): boolean {
  const line = lineThrough(outer[i] as Point, outer[(i + 1) % 4] as Point);
  return (
    distanceToLine(inner[i] as Point, line) < near && distanceToLine(inner[(i + 1) % 4] as Point, line) < near
  );
}

/** Median-like mean: the brighter half of the pixels, so that ink does not count. Lightness 0..100. */
function meanColour(
  lab: Picture,
  holds: (x: number, y: number) => boolean,
): [number, number, number] | undefined {
  const found: [number, number, number][] = [];
  for (let y = 1; y < lab.height; y += 4) {
    for (let x = 1; x < lab.width; x += 4) {
      if (!holds(x, y)) continue;
      const k = (y * lab.width + x) * 3;
      found.push([(lab.data[k] as number) / 2.55, lab.data[k + 1] as number, lab.data[k + 2] as number]);
    }
  }
  if (found.length < 12) return undefined;
  found.sort((p, q) => q[0] - p[0]);
  const half = found.slice(0, Math.ceil(found.length / 2));
  return [0, 1, 2].map((c) => half.reduce((sum, p) => sum + (p[c] as number), 0) / half.length) as [
    number,
    number,
    number,
  ];
}
