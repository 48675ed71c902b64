/** The places in which a field's marks say its value: lines that lie together are one place. Pure. */
import type { Quad } from '#domain/reading/schema.ts';

/** Lines of one text follow each other within so many of their heights. */
const lineGap = 1.2;
/** Pieces of one line stand within so many of its heights. */
const pieceGap = 4;

/**
 * Boxes of one page, grouped: a value over several lines is one place, a value that the paper shows twice is two. What
 * stands in one group keeps the order in which it was marked.
 */
export function placesOf(boxes: readonly Quad[]): Quad[][] {
  const groups: Quad[][] = [];
  for (const box of boxes) {
    const near = groups.filter((group) => group.some((other) => areTogether(box, other)));
    const joined = [...near.flat(), box];
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push(boxes.filter((one) => joined.includes(one)));
  }
  return groups.sort((a, b) => boxes.indexOf(a[0] as Quad) - boxes.indexOf(b[0] as Quad));
}

export interface Bounds {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export function boundsOf(quads: readonly Quad[]): Bounds {
  const xs = quads.flatMap((quad) => quad.map(([x]) => x));
  const ys = quads.flatMap((quad) => quad.map(([, y]) => y));
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

function areTogether(one: Quad, other: Quad): boolean {
  const [a, b] = [boundsOf([one]), boundsOf([other])];
  const height = Math.min(a.y1 - a.y0, b.y1 - b.y0);
  const [gapX, gapY] = [
    Math.max(a.x0, b.x0) - Math.min(a.x1, b.x1),
    Math.max(a.y0, b.y0) - Math.min(a.y1, b.y1),
  ];
  // Below each other: a column of lines; beside each other: pieces of a line.
  return (gapX < 0 && gapY < lineGap * height) || (gapY < -0.4 * height && gapX < pieceGap * height);
}
