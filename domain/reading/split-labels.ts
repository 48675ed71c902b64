/** Labels that their page cuts into several lines. */
import { normaliseText } from '../text/normalise.ts';
import { placeOf } from './label-place.ts';
import type { LabelPlace } from './label-place.ts';
import { foldPieces, shareRow, wholeOf } from './layout.ts';
import type { Item } from './layout.ts';
import type { Wanted } from './wanted-labels.ts';

/** Labels whose characters are lines of their own: 法 定 代 表 人 beside each other, or 资质类别 above 及等级. */
export function findSplit(
  items: readonly Item[],
  wanted: readonly Wanted[],
  taken: ReadonlySet<Item>,
): LabelPlace[] {
  const places: LabelPlace[] = [];
  const used = new Set(taken);
  for (const item of items) {
    if (used.has(item)) continue;
    const head = normaliseText(item.line.text);
    const starting = wanted.filter(({ label }) => label.length > head.length && label.startsWith(head));
    if (head === '' || starting.length === 0) continue;
    for (const next of [rightOf, belowOf]) {
      const match = followLabel(item, items, starting, used, next);
      if (!match) continue;
      places.push(match);
      for (const part of match.items) used.add(part);
      break;
    }
  }
  return places;
}

/** A single letter of a label may stand far from the next: forms spread two letters over the width of seven. */
const reachOf = (item: Item): number => (item.chars.length === 1 ? 8 : 4);

type Neighbour = (item: Item, items: readonly Item[]) => Item | undefined;

export const rightOf: Neighbour = (item, items) =>
  items
    .filter((other) => other.page === item.page && other.left > item.left)
    // The box of a sign set far apart may reach back into its neighbour's; the sign itself stands beyond it.
    .filter((other) => (other.left + other.right) / 2 > item.right)
    .filter((other) => shareRow(item, other) && other.left - item.right < item.height * reachOf(item))
    .sort((a, b) => a.left - b.left)[0];

const belowOf: Neighbour = (item, items) =>
  items
    .filter((other) => other.page === item.page && other.top >= item.bottom - item.height * 0.4)
    .filter(
      (other) =>
        other.top - item.bottom < item.height &&
        Math.min(other.right, item.right) > Math.max(other.left, item.left),
    )
    .sort((a, b) => a.top - b.top)[0];

function followLabel(
  start: Item,
  items: readonly Item[],
  wanted: readonly Wanted[],
  used: ReadonlySet<Item>,
  next: Neighbour,
): LabelPlace | undefined {
  const parts = [start];
  for (;;) {
    const following = next(parts.at(-1) ?? start, items);
    if (!following || used.has(following) || parts.length >= 8) return undefined;
    parts.push(following);
    const folded = parts.map((part) => foldPieces([wholeOf(part)]));
    const text = folded.map((part) => part.text).join('');
    const whole = wanted.find(({ label }) => text.startsWith(label));
    if (whole) {
      const before = text.length - (folded.at(-1)?.text.length ?? 0);
      return placeOf({ wanted: whole, errors: 0, start: 0, end: whole.label.length - before }, parts, folded);
    }
    if (!wanted.some(({ label }) => label.startsWith(text))) return undefined;
  }
}
