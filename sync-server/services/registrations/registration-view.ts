import type { Case } from '#domain/cases/schema.ts';
import { mayWithdraw } from '#domain/cases/engine.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Registration } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { CaseRows, StoredCase } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { StoredRegistration } from '../../ports/registration-rows.ts';

export interface RegistrationViewOptions {
  cases: Pick<CaseRows, 'ofRecord'>;
  catalogues: Pick<CatalogueRows, 'find'>;
}

/** How far a registration is, by its case; the rows of the case are the only truth about it. */
export function createRegistrationView({ cases, catalogues }: RegistrationViewOptions) {
  /** The newest: undefined until it is opened, a moment after the record was filed. */
  const caseOf = async (recordId: string): Promise<StoredCase | undefined> =>
    (await cases.ofRecord(recordId)).at(-1);

  async function withdrawable({ case: current, catalogueHash }: StoredCase): Promise<boolean> {
    const pinned = await catalogues.find(catalogueHash);
    if (!pinned) throw new AppError('CATALOGUE_UNKNOWN', { case: current.id });
    return mayWithdraw(current, getWorkflow(pinned, current.workflow));
  }

  async function view(stored: StoredRegistration): Promise<Registration> {
    const { handlerId: _handler, recordId, expiresAtMs, files, ...rest } = stored;
    const shown = {
      ...rest,
      files: files.map(({ blob: _blob, key: _key, ...file }) => file),
      expiresAt: new Date(expiresAtMs).toISOString(),
    };
    if (recordId === undefined) return { ...shown, state: 'draft', mayWithdraw: false };
    const found = await caseOf(recordId);
    if (!found) return { ...shown, state: 'filed', mayWithdraw: false };
    return { ...shown, ...progressOf(found.case), mayWithdraw: await withdrawable(found) };
  }
  return { view, caseOf };
}
export type RegistrationView = ReturnType<typeof createRegistrationView>;

type Progress = Pick<
  Registration,
  'state' | 'filedAt' | 'confirmedAt' | 'decidedAt' | 'refusedBy' | 'opinion'
>;

/** The person named decides the first step, the department what follows. */
function progressOf({ state, decisions, parties, openedAt: filedAt }: Case): Progress {
  const isOfPerson = (step: string): boolean =>
    parties.some((party) => party.step === step && party.person !== undefined);
  const confirmed = decisions.find(({ step, outcome }) => outcome === 'approved' && isOfPerson(step));
  const last = decisions.at(-1);
  const told = { filedAt, ...(confirmed ? { confirmedAt: confirmed.at } : {}) };
  if (state === 'approved' && last) return { ...told, state: 'approved', decidedAt: last.at };
  if (state === 'refused' && last)
    return {
      ...{ ...told, state: 'refused', decidedAt: last.at, opinion: last.opinion },
      refusedBy: isOfPerson(last.step) ? 'confirmer' : 'department',
    };
  if (state === 'withdrawn') return { ...told, state: 'draft' };
  return { ...told, state: confirmed ? 'under-review' : 'filed' };
}
