/** A draft of a portal that goes on at a counter: which may, and what of it is the station's record. Pure. */
import { rolesAtCounter } from '../catalogue/lookup.ts';
import type { LoadedProgramme } from '../catalogue/lookup.ts';
import type { RecordKind } from '../catalogue/schema.ts';
import { accountTypeOf } from './form-subject.ts';
import type { BrowserEntries } from './in-browser.ts';
import type { LudengRecord } from './schema.ts';

/** Of a kind that the counter enters by itself, as what one comes there, by a key: no part of a file, no registration. */
export function mayGoToCounter(
  kind: Pick<RecordKind, 'id' | 'partOf'>,
  { programme, role }: { programme: Pick<LoadedProgramme, 'subjectRoles' | 'userCentre'>; role: string },
): boolean {
  const isKnownThere = rolesAtCounter(programme).some(({ id }) => id === role);
  return isKnownThere && kind.partOf === undefined && accountTypeOf(programme, kind.id) === undefined;
}

/** The values that were entered at the portal in the record that goes on with them; papers have no pages yet. */
export function withCarried(record: LudengRecord, { answers, form, papers }: BrowserEntries): LudengRecord {
  return {
    ...record,
    answers: answers[0] ?? {},
    ...(answers.length > 1 ? { answerList: [...answers] } : {}),
    form: { ...record.form, ...form },
    materials: record.materials.map((material) => ({
      ...material,
      values: { ...material.values, ...papers[material.slot] },
    })),
  };
}
