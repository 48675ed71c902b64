/** Values of a form as label and text, in the order of their fields; values without a known field come last, by id. */
import type { Field } from '#domain/catalogue/field.ts';
import { maskOf } from '#domain/fields/personal-values.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { FieldReadings } from '#domain/reading/schema.ts';
import type { Values } from '#domain/primitives.ts';

export interface FormRow {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  /** It came masked, and can be asked for whole. */
  readonly isMasked: boolean;
  /** What the reader had made of the paper, where the person entered something else. */
  readonly readAs?: string;
}

export function formRows(fields: readonly Field[], values: Values, readings: FieldReadings = {}): FormRow[] {
  const known = fields.flatMap((field) => {
    const value = values[field.id] ?? '';
    const reading = readings[field.id];
    if (value === '' && !reading) return [];
    const rule = fieldRules[field.kind];
    const isChanged =
      reading !== undefined && reading.value !== '' && !rule.agrees(value, reading.value, field);
    return [
      {
        id: field.id,
        label: field.label,
        text: value === '' ? '' : rule.format(value, field),
        isMasked: maskOf(field) !== undefined && value.includes('*'),
        ...(isChanged ? { readAs: rule.format(reading.value, field) } : {}),
      },
    ];
  });
  const ids = new Set(fields.map(({ id }) => id));
  const rest = Object.entries(values).filter(([id]) => !ids.has(id));
  return [...known, ...rest.map(([id, text]) => ({ id, label: id, text, isMasked: false }))];
}
