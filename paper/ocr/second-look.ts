/** Boxes that the detector joined, and what a closer look finds in their place. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { rectangleQuad } from '../imaging/geometry.ts';
import { heightOf, middleOf, widthOf } from './reading-order.ts';

/** A part of the page, and how many of the network's pixels a pixel of it becomes. */
export interface Look {
  from: Point;
  to: Point;
  scale: number;
}

/** In the network's pixels: joined rows are looked at so large that each of them comes to half of it. */
const heightSeen = 130;
/** Rows join where print is small: what is higher at the first look is one row of large print. */
const minGain = 2.5;
/** Each look costs the network up to a seventh of the page. */
const maxLooks = 3;
/** In the box's height: so much of its surroundings the network is shown. */
const margin = 0.8;
/** What is found instead of a box covers so much of its length, or the box stays. */
const minCover = 0.8;
/** A row's height in parts of that of the box. */
const [minRow, maxRow] = [0.25, 0.75];
/** In the lower one's height: rows above each other stand so far apart, and share so much of the shorter one's length. */
const [minStep, minShared] = [0.6, 0.5];

/**
 * Which of the `tall` boxes to look at, the longest first, in which most letters stand. `scale`: how many of the network's
 * pixels a pixel of the page became at the first look.
 */
export function closerLooks(
  tall: readonly Quad[],
  page: { width: number; height: number },
  scale: number,
): { box: Quad; look: Look }[] {
  return tall
    .filter((box) => heightSeen >= minGain * scale * heightOf(box))
    .sort((a, b) => widthOf(b) - widthOf(a))
    .slice(0, maxLooks)
    .map((box) => ({ box, look: lookAround(box, page) }));
}

function lookAround(box: Quad, { width, height }: { width: number; height: number }): Look {
  const room = margin * heightOf(box);
  const [[left, top], , [right, bottom]] = aroundOf(box);
  return {
    from: [Math.max(0, Math.floor(left - room)), Math.max(0, Math.floor(top - room))],
    to: [Math.min(width, Math.ceil(right + room)), Math.min(height, Math.ceil(bottom + room))],
    scale: heightSeen / heightOf(box),
  };
}

/** The boxes that take the place of `box`, if `found` has rows above each other where it is; else undefined. */
export function rowsInstead(box: Quad, found: readonly Quad[]): Quad[] | undefined {
  const height = heightOf(box);
  const inside = found.filter(
    (one) => holds(box, middleOf(one)) && heightOf(one) > minRow * height && heightOf(one) < maxRow * height,
  );
  const areRows = inside.some((a) => inside.some((b) => liesUnder(a, b)));
  return areRows && covered(box, inside) >= minCover ? inside : undefined;
}

function liesUnder(upper: Quad, lower: Quad): boolean {
  const step = middleOf(lower)[1] - middleOf(upper)[1];
  if (step < minStep * Math.min(heightOf(upper), heightOf(lower))) return false;
  const [a, b] = [spanOf(upper), spanOf(lower)];
  const shared = Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  return shared >= minShared * Math.min(a[1] - a[0], b[1] - b[0]);
}

/** How much of the box's length lies over or under one of these. */
function covered(box: Quad, inside: readonly Quad[]): number {
  const [from, to] = spanOf(box);
  let at = from;
  let sum = 0;
  for (const [start, end] of inside.map(spanOf).sort((a, b) => a[0] - b[0])) {
    sum += Math.max(0, Math.min(end, to) - Math.max(start, at));
    at = Math.max(at, end);
  }
  return sum / (to - from);
}

function spanOf(box: Quad): [number, number] {
  return [(box[0][0] + box[3][0]) / 2, (box[1][0] + box[2][0]) / 2];
}

/** By the upright rectangle around the box: what was cut out around it is not turned either. */
function holds(box: Quad, [x, y]: Point): boolean {
  const [[left, top], , [right, bottom]] = aroundOf(box);
  return x >= left && x <= right && y >= top && y <= bottom;
}

function aroundOf(box: Quad): Quad {
  const [xs, ys] = [box.map(([x]) => x), box.map(([, y]) => y)];
  return rectangleQuad(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
}
