import type { FieldKind } from '#domain/catalogue/field.ts';
import type { UserCentreView } from '#domain/contracts/public/user-centre.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';

/** What the record kind of the handlers says of a value of that kind; undefined where it is right. */
export function problemOf(view: UserCentreView, kind: FieldKind, value: string): string | undefined {
  const { recordKind } = view.userCentre.handlers;
  const form = view.recordKinds.find(({ id }) => id === recordKind)?.form ?? [];
  const field = form.find((one) => one.kind === kind);
  if (!field) return undefined;
  const parsed = fieldRules[kind].parse(value, field);
  return parsed.ok ? undefined : parsed.problem;
}
