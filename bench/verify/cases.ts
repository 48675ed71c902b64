/** True claims and their forgeries about the marked places of a set of pages. */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import { cutQuad } from '#domain/reading/layout.ts';
import type { Quad } from '#domain/reading/schema.ts';
import type { EvaluationPage } from '../set/render-set.ts';
import type { StraightTruth } from '../set/straight-pages.ts';
import { documentTypeOf, trueFields } from '../set/true-fields.ts';
import { createRandom, forge, hideBeginning } from './forge.ts';
import type { Change } from './forge.ts';

export interface ClaimCase {
  /** As it is judged. */
  field: Field;
  /** As the document has it: the check asks for this kind. */
  asked?: Field;
  /** Canonical. */
  claim: string;
  change: Change | 'none';
  /** Numbers of the page's lines on which the value stands. */
  lines: number[];
  boxes: Quad[];
  underSeal: boolean;
  /** The mark leaves out so much of the line's length at its beginning, whatever was proposed. */
  hidden?: number;
}

export interface PageCases {
  page: StraightTruth;
  cases: ClaimCase[];
}

export function casesOf(options: {
  catalogue: Catalogue;
  pages: readonly EvaluationPage[];
  straight: readonly StraightTruth[];
  seed: number;
}): PageCases[] {
  const { catalogue, pages, straight } = options;
  const random = createRandom(options.seed);
  const fieldsOf = pages.map((page) => {
    const documentType = documentTypeOf(catalogue, page);
    return documentType ? trueFields(documentType, page) : [];
  });
  const named = (kind: Field['kind'], except: number): string[] =>
    fieldsOf.flatMap((fields, i) =>
      i === except ? [] : fields.flatMap(({ field, value }) => (field.kind === kind ? [value] : [])),
    );
  return straight.map((page, p) => {
    const names = { persons: named('person-name', p), companies: named('company-name', p) };
    const cases = (fieldsOf[p] ?? []).flatMap(({ field: catalogueField, value }): ClaimCase[] => {
      const lines = page.lines.flatMap((line, i) => (line.field === catalogueField.id ? [i] : []));
      if (lines.length === 0 || catalogueField.weight === 'plain') return [];
      // Drawn past the paper's edge: no picture shows the whole value.
      if (lines.some((i) => !isOnPaper(pages[p] as EvaluationPage, i))) return [];
      const field = asJudged(catalogueField);
      const place = {
        field,
        asked: catalogueField,
        lines,
        boxes: lines.map((i) => page.lines[i]?.box as Quad),
        underSeal: lines.some((i) => page.lines[i]?.underSeal),
      };
      const forgeries = forge({ field, value, ...names, random });
      const cut = lines.length === 1 ? hideBeginning(catalogueField, value) : undefined;
      return [
        { claim: value, change: 'none' as const },
        ...forgeries,
        ...(cut ? [{ ...cut, boxes: place.boxes.map((box) => cutQuad(box, cut.hidden, 1)) }] : []),
      ].map((one) => ({
        ...place,
        ...one,
      }));
    });
    return { page, cases };
  });
}

function isOnPaper({ page, lines }: EvaluationPage, line: number): boolean {
  const [x, y, width, height] = lines[line]?.box ?? [0, 0, 0, 0];
  return x >= 0 && y >= 0 && x + width <= page.widthMm && y + height <= page.heightMm;
}

/**
 * Every field counts as a key field, so that wrong is red; and codes are judged without their check digits, which would
 * refuse nearly every forgery before anyone looks at the picture.
 */
function asJudged(field: Field): Field {
  const kind = field.kind === 'credit-code' || field.kind === 'id-number' ? 'certificate-number' : field.kind;
  return { ...field, kind, weight: 'key' };
}
