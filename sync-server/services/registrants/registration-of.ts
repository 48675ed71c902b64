import type { IdentityScheme } from '#domain/accounts/identity.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { PortalRegistration, RegistrantKind } from '#domain/catalogue/portal-registration.ts';
import { fieldSchema } from '#domain/catalogue/field.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { FieldKind } from '#domain/catalogue/field.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { Registrant } from '../../ports/registrant-rows.ts';

/** What a name is, where the number is such a one. */
const nameKinds = {
  'credit-code': 'company-name',
  'id-number': 'person-name',
} as const satisfies Partial<Record<IdentityScheme, FieldKind>>;

export interface OpenRegistration {
  programme: LoadedProgramme;
  registration: PortalRegistration;
}

/** Throws NOT_FOUND where nobody registers by himself. */
export function registrationOf(catalogue: Pick<Catalogue, 'programmes'>, id: string): OpenRegistration {
  const programme = catalogue.programmes.find((one) => one.id === id);
  const registration = programme?.portal?.registration;
  if (!programme || !registration) throw new AppError('NOT_FOUND', { programme: id });
  return { programme, registration };
}

/** Throws BAD_REQUEST. */
export function kindOf({ registration }: OpenRegistration, accountType: string): RegistrantKind {
  const kind = registration.kinds.find((one) => one.accountType === accountType);
  if (!kind) throw new AppError('BAD_REQUEST', { kind: accountType });
  return kind;
}

/** As they are kept. Throws FIELD_INVALID (details.fields). */
export function parseRegistrant<Given extends { number: string; name?: string }>(
  { number: { scheme } }: RegistrantKind,
  given: Given,
): { number: string; name: string } {
  const fields: Record<string, string> = {};
  const parse = (id: 'number' | 'name', kind: FieldKind, raw: string): string => {
    const parsed = fieldRules[kind].parse(
      raw.trim(),
      fieldSchema.parse({ id, label: id, kind, maxLength: 100 }),
    );
    if (!parsed.ok) fields[id] = parsed.problem;
    return parsed.ok ? parsed.value : '';
  };
  const number = parse('number', scheme, given.number);
  const name = given.name === undefined ? '' : parse('name', nameKinds[scheme], given.name);
  if (Object.keys(fields).length > 0) throw new AppError('FIELD_INVALID', { fields });
  return { number, name };
}

/** Whom an account of a registrant stands for. */
export const identityOfRegistrant = ({
  scheme,
  number: value,
  name,
}: Pick<Registrant, 'scheme' | 'number' | 'name'>): Identity => ({
  kind: scheme === 'id-number' ? 'person' : 'organisation',
  ...{ scheme, value, name },
});
