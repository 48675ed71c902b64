/** From a label to the pieces of lines that hold its value. */
import { findDates } from '../fields/dates.ts';
import { normaliseText, trimPunctuation } from '../text/normalise.ts';
import type { Field } from '../catalogue/schema.ts';
import { restOfLine } from './find-labels.ts';
import type { LabelPlace } from './find-labels.ts';
import { shareRow, trimPiece, wholeOf } from './layout.ts';
import type { Item, Piece } from './layout.ts';

export interface PageView {
  items: readonly Item[];
  labels: readonly LabelPlace[];
  widthPx: number;
}

/** Lines of the value, in reading order; empty when nothing stands where the value should be. */
export function collectValue(place: LabelPlace, field: Field, page: PageView): Piece[] {
  const find = field.find;
  const maxLines = find?.maxLines ?? 1;
  const direction = find?.direction ?? 'right';
  let pieces: Piece[] = [];
  // 缴费期间：2023年1月至12月 is no head of a column.
  const isHead = !/[：:]/u.test(place.items.at(-1)?.chars[place.end] ?? '');
  if (direction === 'column' && isHead) return cellsOfColumn(place, page, maxLines);
  if (direction !== 'below') pieces = onTheRow(place, page);
  if (pieces.length === 0 && direction !== 'below') pieces = besideTheLabel(place, page);
  if (pieces.length === 0 && direction !== 'right') pieces = belowTheLabel(place, page);
  if (pieces.length === 0 || maxLines === 1) return pieces;
  return continued(pieces, place, field, page, maxLines);
}

const startsLabel = (item: Item, page: PageView) =>
  page.labels.find((label) => label.items[0] === item && label.start <= 1);
const isInLabel = (item: Item, page: PageView) =>
  page.labels.some((label) => label.items.includes(item) && (label.items.length > 1 || label.start <= 1));

/** Up to the first label inside the line. */
function beforeLabels(item: Item, page: PageView): Piece | undefined {
  const inside = page.labels
    .filter((label) => label.items[0] === item && label.start > 1)
    .sort((a, b) => a.start - b.start)[0];
  return trimPiece({ ...wholeOf(item), end: inside?.start ?? item.chars.length });
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
    const widest = pieces.length === 0 ? page.widthPx * 0.4 : height * 3;
    if (gap > widest || isInLabel(item, page)) break;
    const piece = beforeLabels(item, page);
    if (piece) pieces.push(piece);
    if (!piece || page.labels.some((label) => label.items[0] === item)) break;
    right = item.right;
  }
  return pieces;
}

/** A label in the middle of a tall table cell: the value's lines stand a little above and below its row. */
function besideTheLabel(place: LabelPlace, page: PageView): Piece[] {
  const centre = (place.top + place.bottom) / 2;
  const reach = (place.bottom - place.top) * 1.3;
  return page.items
    .filter((item) => item.left >= place.right && item.left - place.right < page.widthPx * 0.3)
    .filter((item) => Math.abs((item.top + item.bottom) / 2 - centre) <= reach)
    .filter((item) => !isInLabel(item, page) && !hasLabelOnRow(item, page, place))
    .sort((a, b) => a.top - b.top || a.left - b.left)
    .flatMap((item) => beforeLabels(item, page) ?? []);
}

/** The nearest line under the label. */
function belowTheLabel(place: LabelPlace, page: PageView): Piece[] {
  const height = place.bottom - place.top;
  const under = page.items
    .filter((item) => item.top >= place.bottom - height * 0.4 && item.top - place.bottom <= height * 2)
    .filter((item) => item.left <= place.right + height * 6 && item.right >= place.left - height)
    .filter((item) => item.left >= place.left - height * 8)
    .sort((a, b) => a.top - b.top || a.left - b.left);
  const [nearest] = under;
  if (!nearest || isInLabel(nearest, page)) return [];
  const piece = beforeLabels(nearest, page);
  return piece ? [piece] : [];
}

/** The cells under a head: nearer to it than to its neighbours, row after row, until a wide gap or another label. */
function cellsOfColumn(place: LabelPlace, page: PageView, maxLines: number): Piece[] {
  const middle = (item: { left: number; right: number }) => (item.left + item.right) / 2;
  const height = place.bottom - place.top;
  const heads = page.items.filter((item) => shareRow(item, place) && !place.items.includes(item));
  const isOfColumn = (item: Item) => {
    const toHead = Math.abs(middle(item) - middle(place));
    return heads.every((head) => Math.abs(middle(item) - middle(head)) > toHead);
  };
  const cells: Piece[] = [];
  let bottom = place.bottom;
  for (const item of page.items) {
    if (item.top < place.bottom - height * 0.4 || !isOfColumn(item)) continue;
    if (cells.length === maxLines || item.top - bottom > height * 3 || isInLabel(item, page)) break;
    cells.push(wholeOf(item));
    ({ bottom } = item);
  }
  return cells;
}

/** Goes on in the lines below as long as they stand in the value's column and are no label's. */
function continued(
  pieces: readonly Piece[],
  place: LabelPlace,
  field: Field,
  page: PageView,
  maxLines: number,
): Piece[] {
  const all = [...pieces];
  const [first] = pieces;
  if (!first) return all;
  const inline = first.item === place.items.at(-1);
  const valueLeft = inline
    ? first.item.left + ((first.item.right - first.item.left) * first.start) / (first.item.chars.length || 1)
    : first.item.left;
  let last = pieces.at(-1)?.item ?? first.item;
  const labelItem = place.items[0] ?? first.item;
  const rowTop = { top: first.item.top, bottom: first.item.bottom };
  for (let lines = 1; lines < maxLines; lines += 1) {
    const height = Math.max(rowTop.bottom - rowTop.top, 1);
    const next = page.items
      .filter((item) => !all.some((piece) => piece.item === item) && item !== labelItem)
      .filter((item) => item.top >= last.top + height * 0.6 && item.top - last.bottom <= height * 1.1)
      .filter((item) => {
        const underValue = Math.abs(item.left - valueLeft) <= height * 1.6;
        // Text that wraps back to under its own label, as in a paragraph.
        const underLabel = inline && item.left >= labelItem.left - height && item.left <= valueLeft;
        return underValue || underLabel;
      })
      .sort((a, b) => a.top - b.top || a.left - b.left)[0];
    if (!next || startsLabel(next, page) || isInLabel(next, page)) break;
    // A value beside a label of its own, known or not, belongs to that label.
    if (hasLabelOnRow(next, page, place) || hasCaptionOnRow(next, page)) break;
    if (field.kind !== 'date' && field.kind !== 'period' && isDateLine(next)) break;
    const piece = beforeLabels(next, page);
    if (!piece) break;
    const more = restOfRow(next, page);
    all.push(piece, ...more);
    last = more.reduce((lowest, { item }) => (item.bottom > lowest.bottom ? item : lowest), next);
    // Of a row in pieces the one at the left says where the next row begins.
    if (last !== next && next.bottom >= last.bottom - height * 0.5) last = next;
  }
  return all;
}

/** A detector may cut one row of text into several boxes. */
function restOfRow(start: Item, page: PageView): Piece[] {
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

function hasLabelOnRow(item: Item, page: PageView, except: LabelPlace): boolean {
  return page.labels.some((label) => label !== except && shareRow(label, item) && label.right <= item.left);
}

/** A line that ends in a colon names what stands to its right, even where no field of the certificate has this label. */
function hasCaptionOnRow(item: Item, page: PageView): boolean {
  return page.items.some(
    (other) => other.right <= item.left && shareRow(other, item) && /[：:]$/.test(other.line.text.trim()),
  );
}

function isOnlyPunctuation(piece: Piece): boolean {
  return trimPunctuation(piece.item.chars.slice(piece.start, piece.end).join('')) === '';
}

/** The date under an authority's name is the day of issue, not part of the name; under a seal it may be misread. */
function isDateLine(item: Item): boolean {
  const text = normaliseText(item.line.text);
  const [date] = findDates(text);
  if (date) return date.start === 0 && date.end >= text.length - 1;
  const others = text.replace(/[0-9A-Za-z〇一二三四五六七八九十年月日目曰./·:-]/gu, '');
  return /[年月]/u.test(text) && [...others].length <= Math.floor([...text].length / 5);
}
