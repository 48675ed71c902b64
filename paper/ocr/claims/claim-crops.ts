/** The places where a claim may stand: the marks as drawn, a little wider, and the detected lines under them. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import { rectangleQuad, applyHomography, homography } from '../../imaging/geometry.ts';
import { growQuad } from '../crop-line.ts';
import { heightOf, inReadingOrder, middleOf, widthOf } from '../reading-order.ts';

export interface PageExtent {
  width: number;
  height: number;
}

/**
 * A mark counts as drawn at a line's end when they are this many line heights apart: first hardly at all, then a mark
 * that stops some characters short of the end.
 */
const snaps = [0.4, 2.0] as const;
/**
 * People draw marks tight or loose, and proposed marks carry the detector's margin; these paddings (parts of the mark's
 * height) were best on rendered pages. The negative one makes the text of a loose mark larger.
 */
const paddings = [
  { along: 0.12, across: 0.04 },
  { along: 0.3, across: 0.2 },
  { along: 0.05, across: -0.14 },
] as const;

/** A view that is not how lines are usually cut must bear out the claim this much better to be believed. */
export const unusualPenalty = 0.5;

/** In the order of `cropVariants`: the tight view is an unusual one. */
export function penaltyOfVariant(index: number): number {
  return (paddings[index]?.across ?? 0) < 0 ? unusualPenalty : 0;
}

/** Each variant is the lines of one reading, in order. Empty when every mark lies off the page. */
export function cropVariants(marks: readonly Quad[], detected: readonly Quad[], page: PageExtent): Quad[][] {
  const onPage = marks.filter((mark) => isOnPage(mark, page));
  if (onPage.length === 0) return [];
  const variants: Quad[][] = paddings.map(({ along, across }) =>
    onPage.map((mark) => growQuad(mark, along, across)),
  );
  for (const snap of snaps) {
    const snapped = onPage.flatMap((mark) =>
      inReadingOrder(linesUnder(mark, detected, snap), (line) => line),
    );
    const unique = snapped.filter((line, i) => snapped.findIndex((other) => isSame(line, other)) === i);
    const isNew = !variants.some(
      (known) => known.length === unique.length && known.every((line, i) => isSame(line, unique[i] as Quad)),
    );
    if (unique.length > 0 && isNew) variants.push(unique);
  }
  return variants;
}

interface Bounds {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export function boundsOf(quad: Quad): Bounds {
  const xs = quad.map((p) => p[0]);
  const ys = quad.map((p) => p[1]);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

export function isOnPage(mark: Quad, page: PageExtent): boolean {
  const { x0, y0, x1, y1 } = boundsOf(mark);
  // A sliver inside the page shows nothing that could be read.
  return x1 > 4 && y1 > 4 && x0 < page.width - 4 && y0 < page.height - 4 && x1 - x0 > 2 && y1 - y0 > 2;
}

/** Detected lines whose middle runs through the mark, cut to the mark's width. */
function linesUnder(mark: Quad, detected: readonly Quad[], snap: number): Quad[] {
  const m = boundsOf(mark);
  return detected.flatMap((line) => {
    const height = heightOf(line);
    const width = widthOf(line);
    if (height < 4 || width < 4) return [];
    const b = boundsOf(line);
    const [, cy] = middleOf(line);
    if (cy < m.y0 - 0.1 * height || cy > m.y1 + 0.1 * height) return [];
    if (Math.min(b.x1, m.x1) - Math.max(b.x0, m.x0) < 0.3 * height) return [];
    const left =
      b.x0 >= m.x0 - snap * height ? 0 : Math.max(0, (m.x0 - 0.15 * height - b.x0) / (b.x1 - b.x0));
    const right =
      b.x1 <= m.x1 + snap * height ? 1 : Math.min(1, (m.x1 + 0.15 * height - b.x0) / (b.x1 - b.x0));
    if (right - left < 0.02) return [];
    return [cutAlong(growQuad(line, 0.1, 0), left, right)];
  });
}

export function cutAlong(line: Quad, left: number, right: number): Quad {
  const map = homography(rectangleQuad(0, 0, 1, 1), line);
  return rectangleQuad(left, 0, right, 1).map((p) => applyHomography(map, p)) as Quad;
}

function isSame(a: Quad, b: Quad): boolean {
  return a.every(([x, y], i) => Math.abs(x - (b[i]?.[0] ?? 0)) < 2 && Math.abs(y - (b[i]?.[1] ?? 0)) < 2);
}
