/** What an attachment that was read says of the form: fills what is empty or was read before, and leaves what a person wrote. */
import type { AttachmentSlot } from '../catalogue/record-kind.ts';
import type { FieldReadings } from '../reading/schema.ts';
import type { Values } from '../primitives.ts';
import type { LudengRecord } from './schema.ts';

type Reads = NonNullable<AttachmentSlot['reads']>;

/** By the form's fields; what stands on the paper in no field of the form is left out. */
export function formReadings({ fills }: Reads, readings: FieldReadings): Values {
  return Object.fromEntries(
    Object.entries(fills).flatMap(([from, to]) => {
      const value = readings[from]?.value.trim() ?? '';
      return value === '' ? [] : [[to, value]];
    }),
  );
}

export function fillForm<R extends Pick<LudengRecord, 'form' | 'readForm'>>(record: R, read: Values): R {
  const { form, readForm = {} } = record;
  const isOpen = (field: string): boolean => (form[field] ?? '') === '' || form[field] === readForm[field];
  const filled = Object.fromEntries(Object.entries(read).filter(([field]) => isOpen(field)));
  return { ...record, form: { ...form, ...filled }, readForm: { ...readForm, ...read } };
}
