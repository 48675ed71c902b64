/** The first guess of where each value stands, for the person to move. */
import { isMarkable } from '../catalogue/lookup.ts';
import { canonicalOf, fieldRules } from '../fields/field-rules.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Values } from '../primitives.ts';
import type { FieldReadings, Mark, Marks } from './schema.ts';

/** Below, a reading of something else is more likely to be another text than a badly read value. */
const weakReading = 0.3;

/** The station inferred every mark of a field, and nobody has drawn or moved one. */
export const isGuessed = (marks: readonly Mark[] | undefined): boolean =>
  marks !== undefined && marks.length > 0 && marks.every(({ guessed }) => guessed);

/**
 * A mark for each field with a place that was read; where a person entered another value than the reader saw, the place
 * is still proposed: the label stands there, and the check says what deviates. A field that was not read, or hardly, has
 * the place of `guesses`, marked as a guess.
 */
export function proposeMarks(
  documentType: DocumentType,
  readings: FieldReadings,
  values: Values,
  guesses: Marks = {},
): Marks {
  const marks: Marks = {};
  for (const field of documentType.fields) {
    const claim = canonicalOf(values[field.id] ?? '', field);
    // What is compared has a place, also where nobody is asked to mark it.
    const hasPlace = isMarkable(field) || field.weight !== 'plain';
    // An optional field that the person left empty is not compared, so it needs no mark.
    if (!hasPlace || (claim === '' && !field.required)) continue;
    const reading = readings[field.id];
    const guess = guesses[field.id];
    if (!reading) {
      if (guess) marks[field.id] = guess;
      continue;
    }
    const agrees = claim !== '' && fieldRules[field.kind].agrees(claim, reading.value, field);
    const isGuess = claim !== '' && !agrees && reading.confidence < weakReading;
    const first = (reading.boxes ?? [reading.box]).map((box) => ({ page: reading.page, box }));
    marks[field.id] = [...first, ...(reading.continued ?? [])].map((mark) =>
      isGuess ? { ...mark, guessed: true } : mark,
    );
  }
  return marks;
}
