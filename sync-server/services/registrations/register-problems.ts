import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { Values } from '#domain/primitives.ts';
import { differingFields, registerFields } from '#domain/record/compare-register.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { RegisteredBusiness } from '../../ports/outside/business-register.ts';
import { registrationProblems } from '../texts.ts';

/** The field by which the unit is looked up; undefined where the kind compares nothing. */
export const codeField = (kind: Pick<RecordKind, 'form'>): Field | undefined =>
  registerFields(kind.form).find(({ register }) => register === 'creditCode');

/** By field, what disagrees: only which fields differ, for what the register says of a unit is answered to nobody. */
export function registerProblems(
  { form: fields }: Pick<RecordKind, 'form'>,
  { code, form, found }: { code: Field; form: Values; found: RegisteredBusiness | undefined },
): Record<string, string> {
  if (!found) return { [code.id]: registrationProblems.unitUnknown };
  const problems = Object.fromEntries(
    differingFields(fields, form, found).map((field) => [
      field.id,
      field.register === 'name'
        ? registrationProblems.nameDiffers(field.label)
        : registrationProblems.differs(field.label),
    ]),
  );
  if (Object.keys(problems).length > 0 || found.state === 'active') return problems;
  return { [code.id]: registrationProblems.unitGone[found.state] };
}
