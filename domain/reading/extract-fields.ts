/** From lines of text to field readings: every place where a value may stand, the likeliest of all together; then mended. */
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { assignValues } from './assign-values.ts';
import { candidatesOf } from './candidates.ts';
import { mendByDerivations } from './derive-fields.ts';
import { findLabels } from './find-labels.ts';
import { withoutForeignLabels } from './foreign-labels.ts';
import { judgeCandidates } from './judge-candidates.ts';
import type { Judged } from './judge-candidates.ts';
import { toItems } from './layout.ts';
import { slopeOf } from './page-slope.ts';
import type { PageLines, PageView } from './page-view.ts';
import { runningTextOf } from './running-text.ts';
import type { FieldReadings } from './schema.ts';
import { withSealValues } from './seal-values.ts';
import { labelsOf } from './wanted-labels.ts';

export type { PageLines } from './page-view.ts';

/** What each field of the document says on these pages. Fields that are not found are left out. */
export function extractFields(documentType: DocumentType, pages: readonly PageLines[]): FieldReadings {
  const readings: FieldReadings = {};
  const views = viewPages(documentType, pages);
  const found = new Map(assignValues(judgeViews(documentType, views)).map((one) => [one.field, one]));
  for (const field of documentType.fields) {
    const one = found.get(field);
    if (one) readings[field.id] = one.reading;
  }
  return mendByDerivations(documentType, withSealValues(documentType, views, readings));
}

/** Every candidate of every field with what speaks for it; weights are fitted on these. */
export function judgeFields(documentType: DocumentType, pages: readonly PageLines[]): Judged[] {
  return judgeViews(documentType, viewPages(documentType, pages));
}

function judgeViews(documentType: DocumentType, pages: readonly (PageView & PageLines)[]): Judged[] {
  const views = pages.map((page) => ({ ...page, runningText: runningTextOf(page) }));
  const candidates = new Map<Field, ReturnType<typeof candidatesOf>>();
  for (const field of documentType.fields) candidates.set(field, candidatesOf(field, views));
  return judgeCandidates(documentType, candidates);
}

/** The pages with the places of the document's labels. */
export function viewPages(documentType: DocumentType, pages: readonly PageLines[]): (PageView & PageLines)[] {
  const wanted = labelsOf(documentType).map(({ label }) => label);
  return pages.map((page, index) => {
    const all = toItems(page.lines, index);
    const found = findLabels(documentType, all);
    const items = withoutForeignLabels(all, found);
    const labels = items === all ? found : findLabels(documentType, items);
    return { ...page, items, wanted, slope: slopeOf(page.lines), labels };
  });
}
