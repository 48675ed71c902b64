/** What one number on the paper says about other fields: the birthday and the sex in an ID number (GB 11643-1999). */
import { fieldRules } from '../fields/field-rules.ts';
import { idNumberFault } from '../fields/check-digits.ts';
import { mendOne } from '../fields/look-alikes.ts';
import type { Derivation } from '../catalogue/checks.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { FieldReading, FieldReadings } from './schema.ts';

/** So many digits of a date may be misread; with more the paper says something else, and that must be seen. */
const digitsMisread = 2;
/** A choice read more surely than this stands against the number. */
const unsureBelow = 0.7;

/**
 * Two ways. A number that does not hold is mended by the one substitution with which it holds and has the birthday that
 * is read beside it. A number that holds mends a field that was read nearly so. Raw texts stay.
 */
export function mendByDerivations(documentType: DocumentType, readings: FieldReadings): FieldReadings {
  const derivations = documentType.derivations ?? [];
  const mended = { ...readings };
  for (const from of new Set(derivations.map((derivation) => derivation.from))) {
    const own = derivations.filter((derivation) => derivation.from === from);
    const number = mended[from];
    if (!number) continue;
    const held = idNumberFault(number.value) ? mendNumber(number, own, mended) : number;
    if (!held) continue;
    mended[from] = held;
    for (const derivation of own) {
      const field = documentType.fields.find(({ id }) => id === derivation.field);
      const reading = mended[derivation.field];
      const value = partOf(held.value, derivation.part);
      // The field's own place is needed for a reading; where nothing was found the number cannot say where it stands.
      if (field && reading && value !== undefined && isNearly(reading, value, field))
        mended[derivation.field] = { ...reading, value, mended: true, confidence: reading.confidence * 0.9 };
    }
  }
  return mended;
}

function mendNumber(
  number: FieldReading,
  derivations: readonly Derivation[],
  readings: FieldReadings,
): FieldReading | undefined {
  const agrees = (candidate: string) =>
    derivations.every(({ part, field }) => {
      const said = readings[field]?.value;
      return part !== 'born-on' || said === undefined || said === partOf(candidate, part);
    });
  const value = mendOne(number.value, (candidate) => !idNumberFault(candidate) && agrees(candidate));
  if (value === undefined) return undefined;
  return { ...number, value, mended: true, confidence: Math.min(1, number.confidence * 1.6) };
}

function partOf(number: string, part: Derivation['part']): string | undefined {
  if (!/^\d{17}[\dX]$/.test(number)) return undefined;
  if (part === 'sex') return Number(number.charAt(16)) % 2 === 1 ? '男' : '女';
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

function isNearly(reading: FieldReading, value: string, field: Field): boolean {
  if (fieldRules[field.kind].agrees(reading.value, value, field)) return false;
  if (field.kind !== 'date') return reading.confidence < unsureBelow;
  const differing = [...value].filter((char, index) => reading.value.charAt(index) !== char).length;
  return reading.value.length === value.length && differing <= digitsMisread;
}
