/** Values that stand in a seal alone: on a business licence the authority is nowhere but in the seal beside its label. */
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { foldWidth } from '../text/normalise.ts';
import { interpret } from './interpret-candidate.ts';
import type { Interpreted } from './interpret-candidate.ts';
import { labelPlaces } from './labelled-values.ts';
import { toItems, wholeOf } from './layout.ts';
import type { PageLines, PageView } from './page-view.ts';
import type { FieldReadings, SealText } from './schema.ts';

/** A round text that was read less surely is no value: worn seals and strangers' letters are read as anything. */
const clearFrom = 0.9;

/** The readings with what seals say: a field that names `find.seal` takes it unless a value of its form is printed. */
export function withSealValues(
  document: DocumentType,
  pages: readonly (PageView & PageLines)[],
  readings: Readonly<FieldReadings>,
): FieldReadings {
  const found: FieldReadings = { ...readings };
  for (const field of document.fields) {
    if (!field.find?.seal || hasForm(readings[field.id]?.text ?? '', field)) continue;
    const reading = nearestSeal(field, pages)?.reading;
    if (reading) found[field.id] = reading;
  }
  return found;
}

/** Of the seals whose text has the field's form, the one next to the field's label; without a label the one read most surely. */
function nearestSeal(field: Field, pages: readonly (PageView & PageLines)[]): Interpreted | undefined {
  const [label] = labelPlaces(field, pages);
  return pages
    .flatMap((page, index) =>
      (page.seals ?? [])
        .filter(({ text, confidence }) => confidence >= clearFrom && hasForm(text, field))
        .map((seal) => ({ seal, index, away: label?.page === page ? farness(label.place, seal) : Infinity })),
    )
    .sort((a, b) => a.away - b.away || b.seal.confidence - a.seal.confidence)
    .flatMap(({ seal, index }) => {
      const [item] = toItems([seal], index);
      return (item && interpret(field, { pieces: [wholeOf(item)], trust: 1 })) ?? [];
    })[0];
}

function hasForm(text: string, { find }: Field): boolean {
  const compact = foldWidth(text).replace(/\s/gu, '');
  return compact !== '' && (find?.pattern === undefined || new RegExp(find.pattern, 'u').test(compact));
}

/** Pixels between the middles of label and seal. */
function farness(
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
  { box }: SealText,
): number {
  const x = box.reduce((sum, [at]) => sum + at, 0) / 4;
  const y = box.reduce((sum, [, at]) => sum + at, 0) / 4;
  return Math.hypot(x - (left + right) / 2, y - (top + bottom) / 2);
}
