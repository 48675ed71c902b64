/** A value's further lines: below the first, in its column, until something else begins. */
import { findDates } from '../fields/dates.ts';
import { normaliseText } from '../text/normalise.ts';
import type { Field } from '../catalogue/field.ts';
import type { LabelPlace } from './label-place.ts';
import { pieceText, shareRow } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import { beforeLabels, hasLabelOnRow, isInLabel, restOfRow, startsLabel } from './page-view.ts';
import type { PageView } from './page-view.ts';

/** Goes on in the lines below as long as they stand in the value's column and are no label's. */
export function continueValue(
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
  const valueLeft = inline ? leftOf(first) : first.item.left;
  let last = pieces.at(-1)?.item ?? first.item;
  const labelItem = place.items[0] ?? first.item;
  const middle = (box: { left: number; right: number }) => (box.left + box.right) / 2;
  // On some documents label and value stand in the middle of the page, line under line.
  const row = { left: first.item.left, right: last.right };
  const isCentred = !inline && Math.abs(middle(row) - middle(place)) <= first.item.height * 2;
  const isUnder = !inline && first.item.top > place.bottom - first.item.height * 0.5;
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
        return (
          underValue || underLabel || (isCentred && Math.abs(middle(item) - middle(place)) <= height * 2)
        );
      })
      .sort((a, b) => a.top - b.top || a.left - b.left)[0];
    if (!next || startsLabel(next, page) || isInLabel(next, page)) break;
    if (isComplete(all, next, field)) break;
    // A value beside a label of its own, known or not, belongs to that label.
    if (hasLabelOnRow(next, page, place) || hasCaptionOnRow(next, page)) break;
    // A value under its label stands in a column of such pairs: what is beside it there is another's.
    if (!isUnder && isOfNextLabel(next, page, place)) break;
    if (field.kind !== 'date' && field.kind !== 'period' && isDateLine(next.line.text)) break;
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

/** Where a piece begins: by the recogniser's own word where its first character stands, else by the count of characters. */
function leftOf({ item, start }: Piece): number {
  const width = item.right - item.left;
  const middle = item.line.places?.[start];
  if (middle !== undefined) return item.left + middle * width - item.height / 2;
  return item.left + (width * start) / (item.chars.length || 1);
}

/** Whether the value ends before `next`, by what it says: a full stop, a name that is whole, a new heading. */
export function isComplete(pieces: readonly Piece[], next: Item, field: Field): boolean {
  const text = pieces.map(pieceText).join('').trim();
  const following = normaliseText(next.line.text);
  if (/^(?:\(?[一二三四五六七八九十]{1,3}[),]|第[一二三四五六七八九十]{1,3}[条章部])/u.test(following))
    return true;
  if (field.kind === 'long-text') return false;
  if (/。$/u.test(text) || /^[0-9]{1,2}[.,)](?![0-9])/u.test(following)) return true;
  if (field.kind === 'company-name')
    return /(?:公司|事务所|研究院)$/u.test(text) && !/(?:公司|所|院|厂|部|\))[.,:]?$/u.test(following);
  return false;
}

/** A line that ends in a colon names what stands to its right, even where no field of the document has this label. */
function hasCaptionOnRow(item: Item, page: PageView): boolean {
  return page.items.some(
    (other) => other.right <= item.left && shareRow(other, item) && /[：:]$/.test(other.line.text.trim()),
  );
}

/**
 * On a tilted or loosely printed page a value stands half a line above its label, and right under the value before it. It
 * belongs to the label that has no other value on its row.
 */
function isOfNextLabel(item: Item, page: PageView, place: LabelPlace): boolean {
  const middle = (box: { top: number; bottom: number }): number => (box.top + box.bottom) / 2;
  const near = (label: LabelPlace): boolean =>
    label !== place &&
    label.top > place.bottom - item.height * 0.5 &&
    label.right <= item.left + item.height * 0.5 &&
    Math.abs(middle(label) - middle(item)) < item.height * 0.8;
  const hasOwn = (label: LabelPlace): boolean =>
    page.items.some(
      (other) =>
        other !== item &&
        !label.items.includes(other) &&
        other.left >= label.right - other.height &&
        shareRow(other, label),
    ) || label.end < (label.items.at(-1)?.chars.length ?? 0);
  return page.labels.some((label) => near(label) && !hasOwn(label));
}

/** The date under an authority's name is the day of issue, not part of the name; under a seal it may be misread. */
export function isDateLine(raw: string): boolean {
  const text = normaliseText(raw);
  const [date] = findDates(text);
  if (date) return date.start === 0 && date.end >= text.length - 1;
  const others = text.replace(/[0-9A-Za-z〇一二三四五六七八九十年月日目曰./·:-]/gu, '');
  return /[年月]/u.test(text) && [...others].length <= Math.floor([...text].length / 5);
}
