/** Puts lines into the order in which a person reads them: rows from the top, each row from the left. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import { distance } from '../imaging/geometry.ts';

/** Two boxes share a row when their middles differ by less than this part of the lower height. */
const sameRow = 0.5;

export function middleOf(quad: Quad): [number, number] {
  return [quad.reduce((sum, [x]) => sum + x, 0) / 4, quad.reduce((sum, [, y]) => sum + y, 0) / 4];
}

export function heightOf(quad: Quad): number {
  return (distance(quad[0], quad[3]) + distance(quad[1], quad[2])) / 2;
}

export function widthOf(quad: Quad): number {
  return (distance(quad[0], quad[1]) + distance(quad[3], quad[2])) / 2;
}

/**
 * `skewDeg` is how crooked the page's lines lie, clockwise positive (`medianSkewDeg`): on a page that was photographed
 * askew, the end of a row is as high as the beginning of the next.
 */
export function inReadingOrder<T>(items: readonly T[], boxOf: (item: T) => Quad, skewDeg = 0): T[] {
  const angle = (-skewDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const placed = items
    .map((item) => {
      const [x, y] = middleOf(boxOf(item));
      return { item, x: c * x - s * y, y: s * x + c * y, height: heightOf(boxOf(item)) };
    })
    .sort((a, b) => a.y - b.y);
  const rows: { y: number; height: number; items: typeof placed }[] = [];
  for (const one of placed) {
    const row = rows.find((r) => Math.abs(r.y - one.y) < sameRow * Math.min(r.height, one.height));
    if (row) row.items.push(one);
    else rows.push({ y: one.y, height: one.height, items: [one] });
  }
  return rows.flatMap((row) => row.items.sort((a, b) => a.x - b.x).map(({ item }) => item));
}
