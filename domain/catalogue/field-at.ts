import type { ValuePlace } from './in-browser.ts';
import type { DocumentType, RecordKind } from './schema.ts';
import type { Field } from './field.ts';

/** As what the value at that place is asked; undefined where the kind has no such place. */
export function fieldAt(
  { asked, form, materials }: Pick<RecordKind, 'asked' | 'form' | 'materials'>,
  place: ValuePlace,
  typeOf: (documentType: string) => Pick<DocumentType, 'fields'> | undefined,
): Field | undefined {
  if ('answer' in place) return asked.find(({ id }) => id === place.answer);
  if ('form' in place) return form.find(({ id }) => id === place.form);
  const documentType = materials.find(({ id }) => id === place.slot)?.documentType;
  return documentType === undefined
    ? undefined
    : typeOf(documentType)?.fields.find(({ id }) => id === place.field);
}
