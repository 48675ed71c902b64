/** How crooked the lines of a page lie. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import { heightOf, widthOf } from './reading-order.ts';

/** Median angle of the long lines in degrees, clockwise positive; 0 with too few lines to tell. */
export function medianSkewDeg(boxes: readonly Quad[]): number {
  const angles = boxes
    .filter((box) => widthOf(box) > 5 * heightOf(box))
    .map(([tl, tr]) => (Math.atan2(tr[1] - tl[1], tr[0] - tl[0]) * 180) / Math.PI)
    .sort((a, b) => a - b);
  return angles.length < 4 ? 0 : (angles[Math.floor(angles.length / 2)] as number);
}
