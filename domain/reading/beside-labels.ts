/** Values that stand before or above what names them, as on forms to be signed and in lists with explanations in brackets. */
import type { LabelPlace } from './label-place.ts';
import { shareRow, trimPiece, wholeOf } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import { isInLabel, restOfRow } from './page-view.ts';
import type { PageView } from './page-view.ts';

/** In the label's own line before it, else the nearest text to the left on its row. */
export function leftOfLabel(place: LabelPlace, page: PageView): Piece[] {
  const [first] = place.items;
  if (!first) return [];
  if (place.start > 0) {
    const before = trimPiece({ item: first, start: 0, end: place.start });
    return before && !isInLabel(first, { ...page, labels: page.labels.filter((label) => label !== place) })
      ? [before]
      : [];
  }
  const nearest = page.items
    .filter(
      (item) => item !== first && item.right <= place.left + first.height * 0.5 && shareRow(item, place),
    )
    .sort((a, b) => b.right - a.right)[0];
  // An explanation in brackets may stand in a column of its own.
  const farthest = place.isInBrackets ? page.widthPx * 0.6 : first.height * 6;
  if (!nearest || place.left - nearest.right > farthest || isInLabel(nearest, page)) return [];
  return [wholeOf(nearest)];
}

/** The nearest row over the label and what goes on above it in the same column; in reading order. */
export function aboveTheLabel(place: LabelPlace, page: PageView, maxLines: number): Piece[] {
  const height = place.bottom - place.top;
  const overlaps = (item: Item): boolean =>
    item.right > place.left - height * 6 && item.left < place.right + height * 6;
  const above = page.items
    .filter((item) => !place.items.includes(item) && overlaps(item))
    .filter((item) => item.bottom <= place.top + height * 0.5 && place.top - item.bottom <= height * 2)
    .sort((a, b) => b.bottom - a.bottom);
  const [lowest] = above;
  if (!lowest) return [];
  let row = above.filter((item) => shareRow(item, lowest)).sort((a, b) => a.left - b.left);
  const rows: Piece[][] = [];
  while (row[0] && rows.length < maxLines) {
    const [first] = row;
    if (row.some((item) => isInLabel(item, page))) break;
    rows.unshift([wholeOf(first), ...restOfRow(first, page)]);
    row = page.items
      .filter(
        (item) =>
          item.bottom <= first.top + first.height * 0.5 && first.top - item.bottom <= first.height * 0.8,
      )
      .filter((item) => Math.abs(item.left - first.left) <= first.height * 1.6)
      .sort((a, b) => b.bottom - a.bottom)
      .slice(0, 1);
  }
  return rows.flat();
}
