/** A value or a table that goes on over the end of its page: what stands at the top of the next one. */
import { halfWidths, normaliseText } from '../text/normalise.ts';
import type { Field } from '../catalogue/field.ts';
import { isComplete } from './continue-value.ts';
import { columnTest, rowsUnderHead } from './column-cells.ts';
import type { LabelPlace } from './label-place.ts';
import { shareRow, wholeOf } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import { beforeLabels, hasLabelOnRow, isInLabel, restOfRow } from './page-view.ts';
import type { PageView } from './page-view.ts';

/** 第2页, 2/3, -2-, Page 2 of 3: alone in their line at the foot or the head of a page. */
const pageNumber =
  /^(?:-?[0-9]{1,3}-?|第[0-9]{1,3}页(?:[,/]?共[0-9]{1,3}页)?|[0-9]{1,3}\/[0-9]{1,3}页?|[Pp]age[0-9]{1,3}.*)$/u;

/** Whose page is left and which pages follow it, in order. */
export interface PageTurn {
  field: Field;
  place: LabelPlace;
  from: PageView;
  /** All pages behind `from`. */
  following: readonly PageView[];
}

/** The pieces with those on the following pages, when the value reaches the end of its page and may go on. */
export function acrossPages(pieces: readonly Piece[], turn: PageTurn): Piece[] {
  const { field, place, following } = turn;
  const all = [...pieces];
  const maxLines = field.find?.maxLines ?? 1;
  let from = turn.from;
  for (const next of following) {
    const last = all.at(-1)?.item;
    if (!last || all.length >= maxLines || !endsThePage(last, from)) break;
    const body = bodyOf(next, from);
    const more =
      field.find?.direction === 'column'
        ? columnOnNextPage(place, from, next, body)
        : proseOnNextPage(all, field, from, next, body);
    if (more.length === 0) break;
    all.push(...more.slice(0, maxLines - all.length));
    from = next;
  }
  return all;
}

/** Nothing but a page number and a running foot stands below the line. */
function endsThePage(last: Item, page: PageView): boolean {
  const below = page.items.filter(
    (item) => item.top > last.bottom - last.height * 0.3 && !shareRow(item, last) && !isPageNumber(item),
  );
  return below.length === 0;
}

const isPageNumber = (item: Item) => pageNumber.test(normaliseText(item.line.text));

/** The page without its number and without the head that the page before has too. */
function bodyOf(page: PageView, before: PageView): Item[] {
  const heads = new Set(before.items.slice(0, 4).map((item) => normaliseText(item.line.text)));
  const body = page.items.filter((item) => !isPageNumber(item));
  while (body[0] && heads.has(normaliseText(body[0].line.text)) && !isInLabel(body[0], page)) body.shift();
  return body;
}

/** Running text goes on in the next page's first lines, until a label, a heading or the value's own end. */
function proseOnNextPage(
  pieces: readonly Piece[],
  field: Field,
  from: PageView,
  page: PageView,
  body: readonly Item[],
): Piece[] {
  const last = pieces.at(-1);
  if (!last || !fillsItsLine(last.item, from)) return [];
  const more: Piece[] = [];
  let above: Item | undefined;
  for (const item of body) {
    if (above && shareRow(item, above)) continue;
    if (above && item.top - above.bottom > above.height * 1.1) break;
    if (isInLabel(item, page) || hasLabelOnRow(item, page, undefined)) break;
    if (isComplete([...pieces, ...more], item, field)) break;
    const piece = beforeLabels(item, page);
    if (!piece) break;
    more.push(piece, ...restOfRow(item, page));
    above = item;
  }
  return more;
}

/** A line that ends well before the others was ended by its writer and not by the paper. */
function fillsItsLine(item: Item, page: PageView): boolean {
  const right = Math.max(...page.items.map((other) => other.right));
  return right - item.right < item.height * 4 && !/[。．]$/u.test(item.line.text.trim());
}

/** Rows of a table under its repeated head, or, without one, in the same place across the page. */
function columnOnNextPage(place: LabelPlace, from: PageView, page: PageView, body: readonly Item[]): Piece[] {
  const repeated = page.labels.find(({ label }) => label === place.label);
  if (repeated) return rowsUnderHead(repeated, page).map(wholeOf);
  const isOfColumn = columnTest(place, from);
  const scale = page.widthPx / from.widthPx;
  const cells: Piece[] = [];
  let above: Item | undefined;
  for (const item of body) {
    // A row of one wide line ends the table: a note, a sum, the office.
    if (isInLabel(item, page) || (above && item.top - above.bottom > item.height * 3)) break;
    const isWide = halfWidths(item.line.text) * item.height * 0.5 > page.widthPx * 0.5;
    if (isWide) break;
    if (isOfColumn({ left: item.left / scale, right: item.right / scale })) cells.push(wholeOf(item));
    above = item;
  }
  return cells;
}
