/** Papers in two languages: the second name of a field stands beside or under the first, and is nobody's value. */
import type { LabelPlace } from './label-place.ts';
import { shareRow } from './layout.ts';
import type { Item } from './layout.ts';

/** Words of letters alone; what holds a digit may be a code. */
const foreignWords = /^[A-Za-z][A-Za-z\s.,'’&()/:：-]{2,}$/u;
/** So many make a paper in two languages; a single one may be a name. */
const fewest = 3;

export function withoutForeignLabels(items: readonly Item[], labels: readonly LabelPlace[]): readonly Item[] {
  const foreign = items.filter((item) => foreignWords.test(item.line.text.trim()));
  const beside = foreign.filter((item) => labels.some((label) => isBeside(item, label)));
  if (beside.length < fewest) return items;
  // What was cut off the end of such a name stands behind it.
  const dropped = new Set(foreign);
  return items.filter((item) => !dropped.has(item));
}

function isBeside(item: Item, label: LabelPlace): boolean {
  const height = label.bottom - label.top;
  const isBehind =
    shareRow(item, label) && item.left >= label.right - height && item.left - label.right < height * 3;
  const isUnder =
    item.top >= label.bottom - height * 0.5 &&
    item.top - label.bottom < height * 1.5 &&
    Math.abs(item.left - label.left) < height * 3;
  return isBehind || isUnder;
}
