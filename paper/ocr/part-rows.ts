/** Boxes that hold two rows of print, parted between them. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { GreyPicture } from '../imaging/picture.ts';
import { heightOf, widthOf } from './reading-order.ts';

/** Rows that touch come as one box. So much higher than the page's rows are in their median, it may be two. */
const tall = 1.45;
/** A page of fewer rows has no usual height. */
const minRows = 5;
/** In heights: a box that is not this long is a sign, a stamp or a title. */
const minLength = 3;
/** Where the cut may lie, in parts of the box's height. */
const [highest, lowest] = [0.3, 0.7];
/** Between two rows there is so much less ink than in the paler of them; within a row of print there is not. */
const valleyShare = 0.5;
/** Each row keeps this part of the box's height beyond the cut: rows that touch reach into each other. */
const overlap = 0.04;
const levels = 40;
const samples = 240;

/** `plane` is the page's channel in which the boxes were found. */
export function partRows(boxes: readonly Quad[], plane: GreyPicture): Quad[] {
  const mayBeTwo = tallAmong(boxes);
  return boxes.flatMap((box) => {
    const cut = mayBeTwo.includes(box) ? valleyOf(inkByLevel(box, plane)) : undefined;
    return cut === undefined ? [box] : [slice(box, 0, cut + overlap), slice(box, cut - overlap, 1)];
  });
}

/** The boxes that are so high that they may hold two rows. */
export function tallAmong(boxes: readonly Quad[]): Quad[] {
  const long = boxes.filter((box) => widthOf(box) > minLength * heightOf(box));
  const heights = long.map(heightOf).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1];
  if (usual === undefined || heights.length < minRows) return [];
  return long.filter((box) => heightOf(box) > tall * usual);
}

/** How much ink each level of the box bears, from its upper edge to its lower one; 0 is paper. */
function inkByLevel(box: Quad, { data, width, height }: GreyPicture): number[] {
  const values = Array.from({ length: levels }, (_, level) =>
    Array.from({ length: samples }, (_unused, i) => {
      const [x, y] = pointIn(box, (i + 0.5) / samples, (level + 0.5) / levels);
      const px = Math.max(0, Math.min(width - 1, Math.round(x)));
      const py = Math.max(0, Math.min(height - 1, Math.round(y)));
      return data[py * width + px] as number;
    }),
  );
  const sorted = values.flat().sort((a, b) => a - b);
  const paper = sorted[Math.floor(sorted.length * 0.7)] as number;
  const ink = values.map((row) => row.reduce((sum, value) => sum + Math.max(0, paper - value), 0));
  return ink.map((value, level) => (value + (ink[level - 1] ?? value) + (ink[level + 1] ?? value)) / 3);
}

/** Where the ink gives way between two rows; undefined for one row. */
function valleyOf(ink: readonly number[]): number | undefined {
  const from = Math.round(highest * ink.length);
  const middle = ink.slice(from, Math.round(lowest * ink.length));
  const least = Math.min(...middle);
  const level = from + middle.indexOf(least);
  const paler = Math.min(Math.max(...ink.slice(0, level)), Math.max(...ink.slice(level + 1)));
  return least < valleyShare * paler ? (level + 0.5) / ink.length : undefined;
}

function slice([tl, tr, br, bl]: Quad, from: number, to: number): Quad {
  return [between(tl, bl, from), between(tr, br, from), between(tr, br, to), between(tl, bl, to)];
}

const pointIn = ([tl, tr, br, bl]: Quad, along: number, down: number): Point =>
  between(between(tl, tr, along), between(bl, br, along), down);

const between = (a: Point, b: Point, share: number): Point => [
  a[0] + share * (b[0] - a[0]),
  a[1] + share * (b[1] - a[1]),
];
