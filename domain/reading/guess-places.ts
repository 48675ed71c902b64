/**
 * Where a value should stand that was not read: behind or below its label. A code that lost a character is no code, a worn
 * sign is no line; their place is known all the same, and a claim can be asked there.
 */
import { isMarkable } from '../catalogue/lookup.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { collectValue } from './collect-value.ts';
import { viewPages } from './extract-fields.ts';
import type { PageLines } from './extract-fields.ts';
import type { LabelPlace } from './label-place.ts';
import { labelPlaces, searchedPages } from './labelled-values.ts';
import { boundsOf, pieceBox, shareRow } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import { unlevelled } from './page-slope.ts';
import type { PageView } from './page-view.ts';
import type { FieldReadings, Mark, Marks, Quad } from './schema.ts';

/** A value begins within so much of the page's width behind its label. */
const widest = 0.4;
/** A mark stands off the text by so much of the line's height. */
const margin = 0.15;

/** For fields whose label was found and whose value was not read. Every mark is a guess. */
export function guessPlaces(
  documentType: DocumentType,
  pages: readonly PageLines[],
  readings: FieldReadings,
): Marks {
  const views = viewPages(documentType, pages);
  const taken = Object.values(readings).flatMap(({ page, box, boxes = [box], continued = [] }) => [
    ...boxes.map((each): Mark => ({ page, box: each })),
    ...continued,
  ]);
  const guesses: Marks = {};
  for (const field of documentType.fields) {
    // A column's cells are many lines: a guess would be a mark around half a table.
    if (readings[field.id] || !isMarkable(field) || field.find?.direction === 'column') continue;
    const searched = searchedPages(field, views);
    const found = textAtLabel(field, searched, taken) ?? roomAtLabel(field, searched);
    if (found) guesses[field.id] = found.map((mark) => ({ ...mark, guessed: true }));
  }
  return guesses;
}

/** Text stands where the value should, and it is none of the field's kind: a character was lost or misread. */
function textAtLabel(field: Field, pages: readonly PageView[], taken: readonly Mark[]): Mark[] | undefined {
  const { find } = field;
  if (!find) return undefined;
  const toMark = (piece: Piece): Mark => ({ page: piece.item.page, box: pieceBox(piece) });
  const isFree = (mark: Mark): boolean => !taken.some((other) => overlap(mark, other));
  return labelPlaces(field, pages)
    .flatMap(({ place, page }) =>
      directionsOf(find.direction).map((direction) => {
        const asked = { ...field, find: { ...find, direction } };
        return collectValue(place, asked, page)
          .filter(({ item }) => isSetAlike(item, place))
          .map(toMark);
      }),
    )
    .find((marks) => marks.length > 0 && marks.every(isFree));
}

/** Either way alone: what stands behind the label may be a heading, and the value below it. */
function directionsOf(direction: Direction): readonly Direction[] {
  return direction === 'right-or-below' ? ['right', 'below'] : [direction];
}
type Direction = NonNullable<NonNullable<Field['find']>['direction']>;

/** A value is set about as large as its label; a title is not. */
function isSetAlike(item: Item, { items }: LabelPlace): boolean {
  const height = items.at(-1)?.height ?? item.height;
  return item.height > 0.6 * height && item.height < 1.7 * height;
}

/** Nothing was detected: the room behind the label up to the next text, or below it. */
function roomAtLabel(field: Field, pages: readonly PageView[]): Mark[] | undefined {
  const [label] = labelPlaces(field, pages);
  const page = label?.place.items[0]?.page;
  if (!label || page === undefined) return undefined;
  const behind = field.find?.direction === 'below' ? undefined : roomBehind(label.place, label.page);
  const below =
    behind || (field.find?.direction ?? 'right') === 'right' ? undefined : roomBelow(label.place, label.page);
  const box = behind ?? below;
  return box && [{ page, box: unlevelled(box, label.page.slope) }];
}

function roomBehind(place: LabelPlace, { items, widthPx }: PageView): Quad | undefined {
  const height = place.bottom - place.top;
  const others = items.filter((item) => !place.items.includes(item));
  const right = Math.min(
    ...others
      .filter((item) => item.right > place.right && shareRow(item, place))
      .map((item) => item.left - margin * height),
    Math.max(place.right, ...others.map((item) => item.right)),
    place.right + widest * widthPx,
  );
  return roomOf(place.right + margin * height, place.top, right, place.bottom, height);
}

function roomBelow(place: LabelPlace, { items, widthPx }: PageView): Quad | undefined {
  const height = place.bottom - place.top;
  const [top, bottom] = [place.bottom + 2 * margin * height, place.bottom + (1 + 3 * margin) * height];
  const others = items.filter((item) => !place.items.includes(item) && shareRow(item, { top, bottom }));
  if (others.some((item) => item.left < place.right && item.right > place.left)) return undefined;
  const right = Math.min(
    ...others.filter((item) => item.left >= place.right).map((item) => item.left - margin * height),
    place.left + widest * widthPx,
  );
  return roomOf(place.left, top, right, bottom, height);
}

/** Undefined where not even one character fits. */
function roomOf(left: number, top: number, right: number, bottom: number, height: number): Quad | undefined {
  const [y0, y1] = [Math.max(0, top - margin * height), bottom + margin * height];
  if (right - left < height) return undefined;
  return [
    [left, y0],
    [right, y0],
    [right, y1],
    [left, y1],
  ];
}

function overlap(a: Mark, b: Mark): boolean {
  const [aLeft, aTop, aRight, aBottom] = boundsOf([a.box]);
  const [bLeft, bTop, bRight, bBottom] = boundsOf([b.box]);
  const width = Math.min(aRight, bRight) - Math.max(aLeft, bLeft);
  const height = Math.min(aBottom, bBottom) - Math.max(aTop, bTop);
  const smaller = Math.min((aRight - aLeft) * (aBottom - aTop), (bRight - bLeft) * (bBottom - bTop));
  return a.page === b.page && width > 0 && height > 0 && width * height > 0.3 * smaller;
}
