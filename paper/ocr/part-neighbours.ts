/** Boxes of one row that grew into each other, parted again. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { heightOf, middleOf } from './reading-order.ts';

/** Boxes of one row differ in height by this factor at most. */
const maxHeightRatio = 1.6;
/** Of the smaller one's height; boxes further apart lie on different rows. */
const maxRowShift = 0.35;
/** Of the height; boxes that share more are two finds of one text, and cutting would lose letters. */
const maxOverlap = 1;

/**
 * A box grows at both ends so that no stroke is cut off. Where two signs of a widely set label (名　称) stand next to each
 * other, the grown boxes overlap and each would be read with a piece of the other: both end in the middle of the overlap.
 */
export function partNeighbours(boxes: readonly Quad[]): Quad[] {
  const parted = [...boxes];
  const byLeft = parted.map((_, i) => i).sort((a, b) => leftOf(boxes[a]) - leftOf(boxes[b]));
  byLeft.forEach((i, k) => {
    for (const j of byLeft.slice(k + 1)) {
      const [left, right] = [parted[i] as Quad, parted[j] as Quad];
      if (leftOf(right) > rightOf(left)) break;
      const cut = cutBetween(left, right);
      if (cut === undefined) continue;
      parted[i] = endingAt(left, cut);
      parted[j] = beginningAt(right, cut);
    }
  });
  return parted;
}

/** Where both should end; undefined for boxes of different rows and for one within the other. */
function cutBetween(left: Quad, right: Quad): number | undefined {
  const [a, b] = [heightOf(left), heightOf(right)];
  const lower = Math.min(a, b);
  if (Math.max(a, b) > maxHeightRatio * lower) return undefined;
  if (Math.abs(middleOf(left)[1] - middleOf(right)[1]) > maxRowShift * lower) return undefined;
  const [from, to] = [leftOf(right), rightOf(left)];
  if (to <= from || to - from > maxOverlap * lower || rightOf(right) <= to) return undefined;
  return (from + to) / 2;
}

const leftOf = (box: Quad | undefined): number => (box ? (box[0][0] + box[3][0]) / 2 : 0);
const rightOf = (box: Quad): number => (box[1][0] + box[2][0]) / 2;

function endingAt([tl, tr, br, bl]: Quad, x: number): Quad {
  return [tl, along(tl, tr, x), along(bl, br, x), bl];
}

function beginningAt([tl, tr, br, bl]: Quad, x: number): Quad {
  return [along(tl, tr, x), tr, br, along(bl, br, x)];
}

function along(from: Point, to: Point, x: number): Point {
  const share = (x - from[0]) / (to[0] - from[0] || 1);
  return [x, from[1] + share * (to[1] - from[1])];
}
