/** Titles so large that the detector finds pieces of their letters, taken from a look at the page from further away. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import { sharedArea, signedArea } from '../imaging/geometry.ts';
import { heightOf, widthOf } from './reading-order.ts';

/** In the network's pixels at the first look: letters larger than this come in pieces. */
const large = 110;
/** A piece lies in its title with so much of its area. */
const minInside = 0.6;
/** So many times its height a title is long: a round seal is not. */
const minLength = 1.5;
/** How high the highest piece is in parts of the title. A block of small rows has none so high, a title found whole a higher one. */
const [minPiece, maxPiece] = [0.35, 0.8];

/** Whether anything among the boxes is so high that it may be a piece of a large title. */
export function mayHoldTitle(boxes: readonly Quad[], scale: number): boolean {
  return boxes.some((box) => heightOf(box) * scale > minPiece * large);
}

/**
 * The boxes with large titles whole. `fromAfar`: what is found on the page at half the size; `scale`: how many of the network's
 * pixels a pixel of the page became at the first look.
 */
export function withTitles(boxes: readonly Quad[], fromAfar: readonly Quad[], scale: number): Quad[] {
  let kept = [...boxes];
  for (const title of fromAfar) {
    const height = heightOf(title);
    if (height * scale < large || widthOf(title) < minLength * height) continue;
    const pieces = kept.filter((box) => sharedArea(box, title) >= minInside * Math.abs(signedArea(box)));
    const highest = Math.max(...pieces.map(heightOf)) / height;
    if (pieces.length < 2 || highest < minPiece || highest > maxPiece) continue;
    kept = [...kept.filter((box) => !pieces.includes(box)), title];
  }
  return kept;
}
