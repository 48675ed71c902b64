/** From a label to the pieces of lines that hold its value. */
import { trimPunctuation } from '../text/normalise.ts';
import type { Field } from '../catalogue/field.ts';
import { rowsUnderHead } from './column-cells.ts';
import { continueValue } from './continue-value.ts';
import { restOfLine } from './label-place.ts';
import type { LabelPlace } from './label-place.ts';
import { shareRow, trimPiece, wholeOf } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import { beforeLabels, hasLabelOnRow, isInLabel, restOfRow } from './page-view.ts';
import type { PageView } from './page-view.ts';

/** Lines of the value, in reading order; empty when nothing stands where the value should be. */
export function collectValue(place: LabelPlace, field: Field, page: PageView): Piece[] {
  const find = field.find;
  const maxLines = find?.maxLines ?? 1;
  const direction = find?.direction ?? 'right';
  let pieces: Piece[] = [];
  // 缴费期间：2023年1月至12月 is no head of a column.
  const isHead = !/[：:]/u.test(place.items.at(-1)?.chars[place.end] ?? '');
  if (direction === 'column' && isHead) return rowsUnderHead(place, page).slice(0, maxLines).map(wholeOf);
  if (direction !== 'below' && maxLines > 1) pieces = inTallCell(place, page);
  // The first two lines of a long value lie about its label as a cell of two lines does: more may follow.
  if (pieces.length > 0) return continueValue(pieces, place, field, page, maxLines);
  if (direction !== 'below') pieces = onTheRow(place, page);
  if (pieces.length === 0 && direction !== 'below') pieces = besideTheLabel(place, page);
  if (pieces.length === 0 && direction !== 'right') pieces = belowTheLabel(place, page);
  if (pieces.length === 0 || maxLines === 1) return pieces;
  return continueValue(pieces, place, field, page, maxLines);
}

/** Behind the label in its own line, and in the lines to the right of it, until a label or a wide gap. */
function onTheRow(place: LabelPlace, page: PageView): Piece[] {
  const rest = restOfLine(place, page.labels);
  const inline = rest ? trimPiece(rest) : undefined;
  const last = place.items.at(-1);
  if (!last) return [];
  const pieces: Piece[] = inline && !isOnlyPunctuation(inline) ? [inline] : [];
  // A label further on in the same line ends the row.
  if (page.labels.some((other) => other.items[0] === last && other.start >= place.end && other !== place))
    return pieces;
  let right = pieces.length > 0 ? last.right : place.right;
  const height = last.height;
  const row = page.items
    .filter((item) => item !== last && !place.items.includes(item))
    // Boxes of widely set labels are loose and may reach into the value.
    .filter((item) => item.left >= right - height * (pieces.length === 0 ? 1.5 : 0.5) && shareRow(item, last))
    .filter((item) => (item.left + item.right) / 2 > right)
    .sort((a, b) => a.left - b.left);
  for (const item of row) {
    const gap = item.left - right;
    // Far to the right a value stands where nothing else is on the row: a list with its values at the margin.
    const far = row.length === 1 ? 0.8 : 0.4;
    const widest = pieces.length === 0 ? page.widthPx * far : height * 3;
    if (gap > widest || isInLabel(item, page)) break;
    const piece = beforeLabels(item, page);
    if (piece) pieces.push(piece);
    if (!piece || page.labels.some((label) => label.items[0] === item)) break;
    right = item.right;
  }
  return pieces;
}

/** A label in the middle of a tall cell: the value has lines above and below the label's row, evenly about it. */
function inTallCell(place: LabelPlace, page: PageView): Piece[] {
  const height = place.bottom - place.top;
  const middle = (box: { top: number; bottom: number }) => (box.top + box.bottom) / 2;
  const centre = middle(place);
  const rows: Item[][] = [];
  for (const item of page.items) {
    if (item.left < place.right - height * 0.5 || Math.abs(middle(item) - centre) > height * 1.5) continue;
    if (isInLabel(item, page) || hasLabelOnRow(item, page, place) || hasOpening(item, page, place)) continue;
    const row = rows.find(([first]) => first !== undefined && shareRow(first, item));
    if (row) row.push(item);
    else rows.push([item]);
  }
  const heads = rows.flatMap((row) => row.sort((a, b) => a.left - b.left)[0] ?? []);
  const [first, last] = [heads[0], heads.at(-1)];
  if (!first || !last || first === last) return [];
  const isEven = Math.abs((middle(first) + middle(last)) / 2 - centre) <= height * 0.4;
  const isAbout = centre - middle(first) > height * 0.25 && middle(last) - centre > height * 0.25;
  const isColumn = heads.every((head) => Math.abs(head.left - first.left) <= height * 1.2);
  if (!isEven || !isAbout || !isColumn || first.left - place.right > page.widthPx * 0.4) return [];
  return heads.flatMap((head) => {
    const piece = beforeLabels(head, page);
    return piece ? [piece, ...restOfRow(head, page)] : [];
  });
}

/** Text of the item's row that begins left of the label's end: then the item stands under the label and not beside it. */
function hasOpening(item: Item, page: PageView, place: LabelPlace): boolean {
  return page.items.some(
    (other) =>
      other.left < place.right && !place.items.includes(other) && other !== item && shareRow(other, item),
  );
}

/** A label in the middle of a tall table cell: the value's lines stand a little above and below its row. */
function besideTheLabel(place: LabelPlace, page: PageView): Piece[] {
  const centre = (place.top + place.bottom) / 2;
  const reach = (place.bottom - place.top) * 1.3;
  return page.items
    .filter((item) => item.left >= place.right && item.left - place.right < page.widthPx * 0.3)
    .filter((item) => Math.abs((item.top + item.bottom) / 2 - centre) <= reach)
    .filter((item) => !isInLabel(item, page) && !hasLabelOnRow(item, page, place))
    .filter((item) => !hasOpening(item, page, place))
    .sort((a, b) => a.top - b.top || a.left - b.left)
    .flatMap((item) => beforeLabels(item, page) ?? []);
}

/** The nearest line under the label. */
function belowTheLabel(place: LabelPlace, page: PageView): Piece[] {
  const height = place.bottom - place.top;
  const under = page.items
    .filter((item) => item.top >= place.bottom - height * 0.4 && item.top - place.bottom <= height * 2)
    .filter((item) => item.left <= place.right + height * 6 && item.right >= place.left - height)
    // A long value in the middle of the page begins far to the left of its label.
    .filter((item) => item.left >= place.left - height * 8 || item.right >= place.right)
    .sort((a, b) => a.top - b.top || a.left - b.left);
  // Boxes of one row differ by a pixel in height: the row is the nearest, and it begins at the left.
  const [topmost] = under;
  const nearest = under
    .filter((item) => topmost && shareRow(item, topmost))
    .sort((a, b) => a.left - b.left)[0];
  if (!nearest || isInLabel(nearest, page)) return [];
  const piece = beforeLabels(nearest, page);
  return piece ? [piece, ...restOfRow(nearest, page)] : [];
}

function isOnlyPunctuation(piece: Piece): boolean {
  return trimPunctuation(piece.item.chars.slice(piece.start, piece.end).join('')) === '';
}
