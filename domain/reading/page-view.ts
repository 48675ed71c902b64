/** A page as lines and labels, and what the steps that collect values ask of it. */
import type { LabelPlace } from './label-place.ts';
import { shareRow, trimPiece, wholeOf } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import type { Line, SealText } from './schema.ts';

/** Lines of one straightened page; boxes in its pixels. */
export interface PageLines {
  lines: Line[];
  /** Round seals, where they were looked for. */
  seals?: readonly SealText[];
  widthPx: number;
  heightPx: number;
}

export interface PageView {
  items: readonly Item[];
  labels: readonly LabelPlace[];
  widthPx: number;
  /** All labels of the document type, folded, the longest first. */
  wanted: readonly string[];
  /** How the page's lines run (page-slope.ts). */
  slope: number;
}

export const startsLabel = (item: Item, page: PageView) =>
  page.labels.find((label) => label.items[0] === item && label.isFirst);
export const isInLabel = (item: Item, page: PageView) =>
  page.labels.some((label) => label.items.includes(item) && (label.items.length > 1 || label.isFirst));

/** Up to the first label inside the line. */
export function beforeLabels(item: Item, page: PageView): Piece | undefined {
  const inside = page.labels
    .filter((label) => label.items[0] === item && !label.isFirst)
    .sort((a, b) => a.start - b.start)[0];
  return trimPiece({ ...wholeOf(item), end: inside?.start ?? item.chars.length });
}

export function hasLabelOnRow(item: Item, page: PageView, except: LabelPlace | undefined): boolean {
  // The box of a label reaches beyond its last letter, over the first of its value.
  const reach = item.height * loose;
  return page.labels.some(
    (label) =>
      label !== except &&
      shareRow(label, item) &&
      label.right <= item.left + reach &&
      label.left < item.left - reach,
  );
}

/** Of the height: how far boxes of neighbours reach into each other. */
const loose = 0.9;

/** A detector may cut one row of text into several boxes. */
export function restOfRow(start: Item, page: PageView): Piece[] {
  const pieces: Piece[] = [];
  let { right } = start;
  const row = page.items
    .filter((item) => item !== start && item.left > start.left && shareRow(item, start))
    .sort((a, b) => a.left - b.left);
  for (const item of row) {
    if (item.left < right - start.height * 0.8 || item.left - right > start.height * 1.5) break;
    if (isInLabel(item, page)) break;
    const piece = beforeLabels(item, page);
    if (!piece) break;
    pieces.push(piece);
    ({ right } = item);
  }
  return pieces;
}
