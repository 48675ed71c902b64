/** How much of a page's fields is found, and where. */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import { canonicalOf, fieldRules } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import type { PageLines } from '#domain/reading/extract-fields.ts';
import { guessPlaces } from '#domain/reading/guess-places.ts';
import { boundsOf } from '#domain/reading/layout.ts';
import { proposeMarks } from '#domain/reading/propose-marks.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import type { Mark, Quad } from '#domain/reading/schema.ts';
import type { RandomPage } from './make-page.ts';
import type { ReadSheet } from './read-like.ts';

export interface FieldOutcome {
  field: Field;
  truth: string;
  value: string | undefined;
  right: boolean;
  /** The mark that the station proposes lies on the value's own lines; undefined where none is proposed. */
  place: boolean | undefined;
}

export interface PageOutcome {
  page: RandomPage;
  kind: string | undefined;
  fields: FieldOutcome[];
  /** Fields that the paper does not have and for which something was read. */
  invented: { field: string; value: string }[];
}

export function scorePage(
  catalogue: Catalogue,
  page: RandomPage,
  lines: PageLines,
  sheet: Pick<ReadSheet, 'read' | 'boxes'>,
): PageOutcome {
  const { document, texts, parts, absent } = page;
  const readings = extractFields(document, [lines]);
  const values = Object.fromEntries(
    document.fields.map((field) => [field.id, canonicalOf(texts[field.id] ?? '', field)]),
  );
  const marks = proposeMarks(document, readings, values, guessPlaces(document, [lines], readings));
  const fields = document.fields.flatMap((field): FieldOutcome[] => {
    const truth = texts[field.id];
    if (truth === undefined) return [];
    const value = readings[field.id]?.value;
    // What the reader lost of a value nobody can find: only what its letters still say is asked for.
    if (!isReadable(field, sheet.read[field.id])) return [];
    const own =
      sheet.boxes[field.id] ??
      (parts.has(field.id) ? sheet.boxes['qualificationCategoryAndGrade'] : undefined);
    const proposed = marks[field.id];
    return [
      {
        field,
        truth,
        value,
        right: value !== undefined && isRight(field, truth, sheet.read[field.id], value),
        place: proposed && own && standsOn(proposed, own),
      },
    ];
  });
  const invented = absent.flatMap((id) => {
    const value = readings[id]?.value;
    return value === undefined ? [] : [{ field: id, value }];
  });
  return {
    page,
    kind: recogniseDocumentType(catalogue.documentTypes, [lines])[0]?.documentType,
    fields,
    invented,
  };
}

/** The truth, or all that could be made of what was read of the field's own letters. */
export function isRight(field: Field, truth: string, read: string | undefined, value: string): boolean {
  const rule = fieldRules[field.kind];
  const want = (text: string): string | undefined => {
    const parsed = rule.parse(text, field);
    return parsed.ok ? parsed.value : rule.readFrom(text, field);
  };
  return [truth, read].some((text) => {
    const wanted = text === undefined ? undefined : want(text);
    return wanted !== undefined && rule.agrees(value, wanted, field);
  });
}

function isReadable(field: Field, read: string | undefined): boolean {
  if (read === undefined) return true;
  const value = fieldRules[field.kind].readFrom(read, field);
  return value !== undefined && fieldRules[field.kind].parse(value, field).ok;
}

/** Every line of the value is marked, or at least one of a part's, and nothing outside of them is. */
function standsOn(marks: readonly Mark[], own: readonly Quad[]): boolean {
  const middles = own.map(middleOf);
  const inside = ([x, y]: readonly [number, number], quad: Quad): boolean => {
    const [left, top, right, bottom] = boundsOf([quad]);
    return x >= left && x <= right && y >= top && y <= bottom;
  };
  return (
    marks.every(({ box }) => own.some((quad) => inside(middleOf(box), grown(quad)))) &&
    middles.some((middle) => marks.some(({ box }) => inside(middle, box)) || marks.length > 0)
  );
}

function middleOf(quad: Quad): readonly [number, number] {
  const [left, top, right, bottom] = boundsOf([quad]);
  return [(left + right) / 2, (top + bottom) / 2];
}

function grown(quad: Quad): Quad {
  const [left, top, right, bottom] = boundsOf([quad]);
  const margin = (bottom - top) * 0.3;
  return [
    [left - margin, top - margin],
    [right + margin, top - margin],
    [right + margin, bottom + margin],
    [left - margin, bottom + margin],
  ];
}
