/** What a form says of a unit, held against the business register (工商备案). Pure. The register's own words stay with the server. */
import { canonicalOf, fieldRules } from '../fields/field-rules.ts';
import type { Field } from '../catalogue/field.ts';
import type { Values } from '../primitives.ts';

export type RegisterAttribute = NonNullable<Field['register']>;
/** What the register says of one unit, by attribute. */
export type RegisterEntry = Readonly<Record<RegisterAttribute, string>>;

export const registerFields = (fields: readonly Field[]): (Field & { register: RegisterAttribute })[] =>
  fields.flatMap((field) => (field.register === undefined ? [] : [{ ...field, register: field.register }]));

/** Whether the form's value means what the register has. What was left empty claims nothing. */
export function agreesWithRegister(
  field: Field,
  { value, registered }: { value: string; registered: string },
): boolean {
  if (value.trim() === '') return true;
  const [own, other] = [canonicalOf(value, field), canonicalOf(registered, field)];
  return own === other || fieldRules[field.kind].agrees(own, other, field);
}

/** The fields that say something else than the register. */
export function differingFields(fields: readonly Field[], form: Values, entry: RegisterEntry): Field[] {
  return registerFields(fields).filter(
    (field) => !agreesWithRegister(field, { value: form[field.id] ?? '', registered: entry[field.register] }),
  );
}
