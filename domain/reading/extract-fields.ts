/** From lines of text to field readings: by label, by pattern, in sentences, by region; then mended by what must hold. */
import { fieldRules } from '../fields/field-rules.ts';
import { foldWidth } from '../text/normalise.ts';
import type { DocumentType, Field } from '../catalogue/schema.ts';
import type { PageView } from './page-view.ts';
import { mendByDerivations } from './derive-fields.ts';
import { findLabels } from './find-labels.ts';
import { interpret } from './interpret-candidate.ts';
import type { Candidate } from './interpret-candidate.ts';
import { foldPieces, narrowPieces, shareRow, toItems, wholeOf } from './layout.ts';
import { byLabel, searchedPages } from './labelled-values.ts';
import type { FieldReading, FieldReadings, Line } from './schema.ts';

/** Lines of one straightened page; boxes in its pixels. */
export interface PageLines {
  lines: Line[];
  widthPx: number;
  heightPx: number;
}

/** What each field of the document says on these pages. Fields that are not found are left out. */
export function extractFields(documentType: DocumentType, pages: readonly PageLines[]): FieldReadings {
  const views = viewPages(documentType, pages);
  const readings: FieldReadings = {};
  for (const field of documentType.fields) {
    const reading = readField(field, views);
    if (reading) readings[field.id] = reading;
  }
  return mendByDerivations(documentType, readings);
}

/** The pages with the places of the document's labels. */
export function viewPages(documentType: DocumentType, pages: readonly PageLines[]): (PageView & PageLines)[] {
  return pages.map((page, index) => {
    const items = toItems(page.lines, index);
    return { ...page, items, labels: findLabels(documentType, items) };
  });
}

/** Ways to find a value, in the order they are tried; the first that gives a sound value wins, else the first at all. */
const ways: readonly ((field: Field, pages: readonly (PageView & PageLines)[]) => Candidate[])[] = [
  byLabel,
  byPattern,
  byPassage,
  byRegion,
];

function readField(field: Field, pages: readonly (PageView & PageLines)[]): FieldReading | undefined {
  if (!field.find) return undefined;
  const searched = searchedPages(field, pages);
  let fallback: FieldReading | undefined;
  for (const way of ways) {
    for (const candidate of way(field, searched)) {
      const reading = interpret(field, candidate);
      if (!reading) continue;
      if (fieldRules[field.kind].parse(reading.value, field).ok) return reading;
      fallback ??= reading;
    }
  }
  return fallback;
}

function byPattern(field: Field, pages: readonly PageView[]): Candidate[] {
  if (field.find?.pattern === undefined) return [];
  const pattern = new RegExp(field.find.pattern, 'u');
  return pages.flatMap((page) =>
    page.items
      .filter((item) => pattern.test(compact(item.line.text)))
      .map((item) => ({ pieces: [wholeOf(item)], trust: 0.8 })),
  );
}

/** The running text of each page, so that a value may break across lines. */
function byPassage(field: Field, pages: readonly PageView[]): Candidate[] {
  if (field.find?.passage === undefined) return [];
  const passage = new RegExp(field.find.passage, 'du');
  return pages.flatMap(({ items }) => {
    const pieces = inReadingOrder(items).map(wholeOf);
    const folded = foldPieces(pieces);
    const match = passage.exec(folded.text);
    const [start, end] = match?.indices?.[1] ?? match?.indices?.[0] ?? [0, 0];
    return start < end ? [{ pieces: narrowPieces(pieces, folded, start, end), trust: 0.85 }] : [];
  });
}

/** Row by row, each from the left: boxes of one row differ a little in height. */
function inReadingOrder(items: PageView['items']): PageView['items'][number][] {
  const rows: PageView['items'][number][][] = [];
  for (const item of items) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && shareRow(first, item)) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.left - b.left));
}

function byRegion(field: Field, pages: readonly (PageView & PageLines)[]): Candidate[] {
  const region = field.find?.region;
  if (!region) return [];
  return pages
    .map((page) => {
      const inside = page.items.filter((item) => {
        const x = (item.left + item.right) / 2 / page.widthPx;
        const y = (item.top + item.bottom) / 2 / page.heightPx;
        return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
      });
      return { pieces: inside.map(wholeOf), trust: 0.7 };
    })
    .filter((candidate) => candidate.pieces.length > 0);
}

const compact = (text: string) => foldWidth(text).replace(/\s/gu, '');
