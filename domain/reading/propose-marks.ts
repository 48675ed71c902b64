/** The first guess of where each value stands, for the person to move. */
import { isMarkable } from '../catalogue/lookup.ts';
import { canonicalOf, fieldRules } from '../fields/field-rules.ts';
import type { Certificate } from '../catalogue/schema.ts';
import type { Values } from '../record/schema.ts';
import type { FieldReadings, Marks } from './schema.ts';

/**
 * A mark for each markable field that was read. Where a person entered another value than the reader saw, the place
 * is still proposed: the label stands there, and the check says what deviates.
 */
export function proposeMarks(certificate: Certificate, readings: FieldReadings, values: Values): Marks {
  const marks: Marks = {};
  for (const field of certificate.fields) {
    const reading = readings[field.id];
    if (!reading || !isMarkable(field)) continue;
    const claim = canonicalOf(values[field.id] ?? '', field);
    // An optional field that the person left empty is not compared, so it needs no mark.
    if (claim === '' && !field.required) continue;
    const agrees = claim !== '' && fieldRules[field.kind].agrees(claim, reading.value, field);
    // A weak reading of something else is more likely to be another text than a badly read value.
    if (claim !== '' && !agrees && reading.confidence < 0.3) continue;
    const first = (reading.boxes ?? [reading.box]).map((box) => ({ page: reading.page, box }));
    marks[field.id] = [...first, ...(reading.continued ?? [])];
  }
  return marks;
}
