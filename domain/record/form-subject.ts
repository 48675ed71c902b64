/** Whose a record is, where its form says so: the unit that is to be registered, not the person who stands at the counter. */
import type { LoadedProgramme } from '../catalogue/lookup.ts';
import type { MainAccountType } from '../catalogue/user-centre.ts';
import type { Subject } from '../primitives.ts';
import type { LudengRecord } from './schema.ts';

/** The main account that a record of the kind registers; undefined for every other kind. */
export function accountTypeOf(
  { userCentre }: Pick<LoadedProgramme, 'userCentre'>,
  kind: string,
): MainAccountType | undefined {
  return userCentre?.accountTypes.find(({ recordKind }) => recordKind === kind);
}

/** The unit of the form; undefined where the kind is of whoever hands it in. */
export function subjectOfForm(
  programme: Pick<LoadedProgramme, 'userCentre'>,
  { kind, form }: Pick<LudengRecord, 'kind' | 'form'>,
): Subject | undefined {
  const fields = accountTypeOf(programme, kind)?.subject;
  if (!fields) return undefined;
  const valueOf = (field: string): string => form[field]?.trim() ?? '';
  return {
    ...(fields.kind === 'organisation' ? {} : { kind: fields.kind }),
    name: valueOf(fields.name),
    creditCode: valueOf(fields.code),
  };
}

/** In whose hands it is where it was entered; a copy from elsewhere is its subject's. */
export function holderOf({
  subject,
  applicant,
  entered,
}: Pick<LudengRecord, 'subject' | 'applicant' | 'entered'>): Subject {
  return entered === undefined ? (applicant ?? subject) : subject;
}
