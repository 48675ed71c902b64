/**
 * Asking the page for what is known already: the company of the token, what a chip holds, what another paper of the record says.
 * A value that is known need not be read; it is enough to see that it stands there.
 */
import { fieldRules } from '../fields/field-rules.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { normaliseText } from '../text/normalise.ts';
import { foldPieces, narrowPieces, pieceBox, toItems, wholeOf } from './layout.ts';
import type { PageLines } from './page-view.ts';
import type { FieldReadings, Mark, Marks } from './schema.ts';

export interface KnownValue {
  field: Field;
  /** Canonical. */
  value: string;
  /** Where it is known from, for people: UKey 中. */
  source: string;
}

export interface PageAnswer {
  /** Where a value stands whose field was not read. Guesses: that the field is meant there, no label says. */
  found: Marks;
  /** On no page, in whatever form the value is written. */
  missing: KnownValue[];
}

/** A field that was read as what is known needs no asking; one that was read otherwise is looked for and never marked elsewhere. */
export function askPages(
  pages: readonly PageLines[],
  known: readonly KnownValue[],
  readings: FieldReadings,
): PageAnswer {
  const answer: PageAnswer = { found: {}, missing: [] };
  for (const one of known) {
    const { field, value } = one;
    const reading = readings[field.id];
    if (reading && fieldRules[field.kind].agrees(value, reading.value, field)) continue;
    const marks = placesOf(pages, fieldRules[field.kind].paperForms(value, field));
    if (marks.length === 0) answer.missing.push(one);
    // Where another value was read the paper speaks for itself: a name further down must not stand for it.
    else if (!reading) answer.found[field.id] = marks.map((mark) => ({ ...mark, guessed: true }));
  }
  return answer;
}

/** What is known of a document before it is read: the subject's name and code where its fields take them, and the chip. */
export function knownValues(
  documentType: DocumentType,
  {
    subject,
    chip,
  }: { subject: { name: string; creditCode: string }; chip: Readonly<Record<string, string>> },
): KnownValue[] {
  return documentType.fields.flatMap((field): KnownValue[] => {
    const fromChip = chip[field.id];
    if (fromChip !== undefined && fromChip !== '')
      return [{ field, value: fromChip, source: '身份证芯片中' }];
    if (field.prefill === undefined || field.prefill === 'answer') return [];
    const value = field.prefill === 'subject-name' ? subject.name : subject.creditCode;
    return value === '' ? [] : [{ field, value, source: 'UKey 中' }];
  });
}

/** For the person at the counter: what was looked for, and what to do. */
export const tellMissing = ({ field, source }: KnownValue): string =>
  `页面上未找到 ${source}的${field.label}，请确认上传的是本单位（本人）的材料；确实有的，请重新拍照或框出所在位置`;

function placesOf(pages: readonly PageLines[], forms: readonly string[]): Mark[] {
  for (const [page, { lines }] of pages.entries()) {
    const items = toItems(lines, page);
    // First in one line, then over the end of one into the next.
    for (const pieces of [...items.map((item) => [wholeOf(item)]), items.map(wholeOf)]) {
      const folded = foldPieces(pieces);
      const text = folded.text.toUpperCase();
      for (const form of forms) {
        const wanted = normaliseText(form).toUpperCase();
        const at = wanted === '' ? -1 : text.indexOf(wanted);
        if (at < 0) continue;
        return narrowPieces(pieces, folded, at, at + wanted.length).map((piece) => ({
          page,
          box: pieceBox(piece),
        }));
      }
    }
  }
  return [];
}
