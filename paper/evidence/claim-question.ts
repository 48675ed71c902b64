/** What the reader is asked about a claimed value, from what the field's kind knows about it. Pure. */
import type { Field } from '#domain/catalogue/field.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { creditCodeStandIns } from '#domain/fields/look-alikes.ts';
import { takesPart } from '#domain/fields/takes-part.ts';
import type { ClaimQuestion } from '../ports/paper-reader.ts';

export type AskedForms = Pick<ClaimQuestion, 'forms' | 'part' | 'labels' | 'standIns'>;

/** `claim` is canonical; an empty one asks what stands there. */
export function askAbout(field: Field, claim: string): AskedForms {
  return {
    forms: claim === '' ? [''] : fieldRules[field.kind].paperForms(claim, field),
    // 万元人民币 behind an amount adds nothing to it; a value found in a sentence has text on both sides.
    part: takesPart(field) || field.kind === 'money' || field.find?.passage !== undefined,
    labels: field.find?.labels ?? [],
    ...(field.kind === 'credit-code' ? { standIns: creditCodeStandIns } : {}),
  };
}
