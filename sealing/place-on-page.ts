/** Where a seal stands: millimetres on the page as a person sees it, against points in the page's own turned space. */
import type { PDFPage } from '@cantoo/pdf-lib';

export const pointsPerMm = 72 / 25.4;

/** Points from the top left of the page as it is seen. */
export interface SeenBox {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What an annotation needs: its rectangle in the page's own space, and the turn that keeps its picture upright. */
export interface PagePlace {
  rect: [number, number, number, number];
  matrix: [number, number, number, number, number, number];
}

/** Degrees by which viewers turn the page clockwise: 0, 90, 180 or 270; anything else counts as 0. */
export function turnOf(page: PDFPage): 0 | 90 | 180 | 270 {
  const turn = ((page.getRotation().angle % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}

/** Size in points of the page as it is seen. */
export function seenSize(page: PDFPage): { width: number; height: number } {
  const { width, height } = page.getCropBox();
  return turnOf(page) % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Moves the box inside the page where it sticks out; it is not made smaller. */
export function keepInside(page: PDFPage, box: SeenBox): SeenBox {
  const seen = seenSize(page);
  return {
    ...box,
    left: Math.min(Math.max(box.left, 0), Math.max(seen.width - box.width, 0)),
    top: Math.min(Math.max(box.top, 0), Math.max(seen.height - box.height, 0)),
  };
}

const matrices = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 100, 0],
  180: [-1, 0, 0, -1, 100, 100],
  270: [0, -1, 1, 0, 0, 100],
} satisfies Record<number, PagePlace['matrix']>;

export function uprightMatrix(page: PDFPage): PagePlace['matrix'] {
  return matrices[turnOf(page)];
}

export function toPagePlace(page: PDFPage, { left, top, width, height }: SeenBox): PagePlace {
  const box = page.getCropBox();
  const turn = turnOf(page);
  // /Rotate turns the page clockwise: the seen top left is another corner of the page's own space
  const corner = {
    0: { x: left, y: box.height - top - height },
    90: { x: top, y: left },
    180: { x: box.width - left - width, y: top },
    270: { x: box.width - top - height, y: box.height - left - width },
  }[turn];
  const [ownWidth, ownHeight] = turn % 180 === 0 ? [width, height] : [height, width];
  const [x, y] = [round(box.x + corner.x), round(box.y + corner.y)];
  return { rect: [x, y, round(x + ownWidth), round(y + ownHeight)], matrix: matrices[turn] };
}

/** The way back: where an annotation's rectangle is seen. */
export function toSeenBox(page: PDFPage, [x0, y0, x1, y1]: PagePlace['rect']): SeenBox {
  const box = page.getCropBox();
  const turn = turnOf(page);
  const [x, y, ownWidth, ownHeight] = [x0 - box.x, y0 - box.y, x1 - x0, y1 - y0];
  const [width, height] = turn % 180 === 0 ? [ownWidth, ownHeight] : [ownHeight, ownWidth];
  const corner = {
    0: { left: x, top: box.height - y - ownHeight },
    90: { left: y, top: x },
    180: { left: box.width - x - ownWidth, top: y },
    270: { left: box.height - y - ownHeight, top: box.width - x - ownWidth },
  }[turn];
  return { ...corner, width, height };
}

/** A thousandth of a point is invisible, and what was written is read back as the same number. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
