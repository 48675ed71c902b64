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

export function inReadingOrder<T>(items: readonly T[], boxOf: (item: T) => Quad): T[] {
  const rows: { y: number; height: number; items: T[] }[] = [];
  const byTop = [...items].sort((a, b) => middleOf(boxOf(a))[1] - middleOf(boxOf(b))[1]);
  for (const item of byTop) {
    const y = middleOf(boxOf(item))[1];
    const height = heightOf(boxOf(item));
    const row = rows.find((r) => Math.abs(r.y - y) < sameRow * Math.min(r.height, height));
    if (row) row.items.push(item);
    else rows.push({ y, height, items: [item] });
  }
  return rows.flatMap((row) => row.items.sort((a, b) => middleOf(boxOf(a))[0] - middleOf(boxOf(b))[0]));
}
