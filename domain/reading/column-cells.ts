/** Columns of a table: which things stand under a head. */
import type { LabelPlace } from './label-place.ts';
import { shareRow } from './layout.ts';
import type { Item } from './layout.ts';
import { isInLabel } from './page-view.ts';
import type { PageView } from './page-view.ts';

type Span = Pick<Item, 'left' | 'right'>;
const middle = ({ left, right }: Span) => (left + right) / 2;

/** Nearer to the head than to its neighbours. */
export function columnTest(place: LabelPlace, page: PageView): (span: Span) => boolean {
  const heads = page.items.filter((item) => shareRow(item, place) && !place.items.includes(item));
  return (span) => {
    const toHead = Math.abs(middle(span) - middle(place));
    return heads.every((head) => Math.abs(middle(span) - middle(head)) > toHead);
  };
}

/** The cells under a head, row after row, until a wide gap or another label. */
export function rowsUnderHead(place: LabelPlace, page: PageView): Item[] {
  const height = place.bottom - place.top;
  const isOfColumn = columnTest(place, page);
  const cells: Item[] = [];
  let { bottom } = place;
  for (const item of page.items) {
    if (item.top < place.bottom - height * 0.4 || !isOfColumn(item)) continue;
    if (item.top - bottom > height * 3 || isInLabel(item, page)) break;
    cells.push(item);
    ({ bottom } = item);
  }
  return cells;
}
