import type { Identity, IdentityScheme } from '../accounts/identity.ts';
import type { Subject } from '../primitives.ts';

/** By what a subject of each kind is told from all others. */
const schemes = {
  organisation: 'credit-code',
  person: 'id-number',
  unit: 'organisation-code',
} as const satisfies Record<NonNullable<Subject['kind']>, IdentityScheme>;

/** Names one subject everywhere: what identifies it, behind the kind of that number. */
export function subjectIdOf({ kind = 'organisation', creditCode }: Pick<Subject, 'kind' | 'creditCode'>) {
  return `${schemes[kind]}:${creditCode}` as const;
}

/** The same as whoever signs in proves it. */
export const identityOfSubject = ({ kind = 'organisation', creditCode: value, name }: Subject): Identity => ({
  kind: kind === 'person' ? 'person' : 'organisation',
  scheme: schemes[kind],
  value,
  name,
});

/** The subject that an identity names; undefined for one by which no records are kept (a mobile number, an account). */
export function subjectOfIdentity({ scheme, value, name }: Identity): Subject | undefined {
  if (scheme === schemes.person) return { kind: 'person', name, creditCode: value };
  if (scheme === schemes.unit) return { kind: 'unit', name, creditCode: value };
  return scheme === schemes.organisation ? { name, creditCode: value } : undefined;
}
