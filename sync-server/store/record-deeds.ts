/** What decisions do to the record that they are about, and to its credential. Before all other deeds: what is told of it goes into the feeds with the decision's own changes. */
import type { Deed, DeedId } from '#domain/cases/effects.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { nextState, stateAfter } from '#domain/record/lifecycle.ts';
import { returnedCode } from '#domain/record/schema.ts';
import { audiencesOfRecord } from '../ports/audiences-of-record.ts';
import type { StoredRecord } from '../ports/case-rows.ts';
import type { IssueCredential } from '../ports/credential-rows.ts';
import type { Addressed } from './bookkeeping.ts';
import { addCredential, revokeCredential, toldOf } from './credential-rows.ts';
import { findRecord } from './record-rows.ts';
import type { Trx } from './open-store.ts';
import { writeVoid } from './void-record.ts';

interface RecordDeedContext {
  issueCredential: IssueCredential;
  at: string;
}
type DeedOf<Id extends DeedId> = Extract<Deed, { deed: Id }>;

/** Whose line of the log it is, and what it says. */
export interface NotedDeed {
  action: string;
  refId: string;
  detail?: string;
}
interface Done {
  letters: Addressed[];
  noted: NotedDeed[];
}
const nothing: Done = { letters: [], noted: [] };

const returnedState = stateAfter(stateAfter('submitted', 'store'), 'return');

const recordDeeds = {
  'return-record': giveBack,
  'issue-credential': issue,
  'revoke-credential': revoke,
  'set-state': setState,
} as const;
export type RecordDeedId = keyof typeof recordDeeds;
type RecordDeed = DeedOf<RecordDeedId>;

export const isOfRecord = (deed: Deed): deed is RecordDeed => deed.deed in recordDeeds;

/** Answers what is told to whom, and what the log says of it once the feeds are written. */
export async function doRecordDeeds(
  trx: Trx,
  deeds: readonly Deed[],
  context: RecordDeedContext,
): Promise<Done> {
  const done: Done = { letters: [], noted: [] };
  for (const deed of deeds.filter(isOfRecord)) {
    const stored = await lockRecord(trx, deed.recordId);
    // the table's line is the one of the deed's own id, which the type of a lookup by a variable loses
    const write = recordDeeds[deed.deed] as (
      trx: Trx,
      given: { deed: RecordDeed; stored: StoredRecord },
      context: RecordDeedContext,
    ) => Promise<Done>;
    const { letters, noted } = await write(trx, { deed, stored }, context);
    done.letters.push(...letters);
    done.noted.push(...noted);
  }
  return done;
}

/** Of two decisions about one record the second sees what the first has done. */
async function lockRecord(trx: Trx, id: string): Promise<StoredRecord> {
  await trx
    .updateTable('record')
    .set({ settled_at: (eb) => eb.ref('settled_at') })
    .where('id', '=', id)
    .execute();
  const stored = await findRecord(trx, id);
  if (!stored) throw new AppError('NOT_FOUND', { record: id });
  return stored;
}

/** Throws CREDENTIAL_NEEDS_GREEN: the decision falls with it. */
async function issue(
  trx: Trx,
  { stored }: { stored: StoredRecord },
  { issueCredential, at }: RecordDeedContext,
): Promise<Done> {
  const { record, materials, uniqueCode, light } = stored;
  if (record.digitalCertificate && !record.digitalCertificate.revoked) return nothing;
  if (light !== 'green' || stored.state !== 'stored' || record.voided || uniqueCode === undefined)
    throw new AppError('CREDENTIAL_NEEDS_GREEN', { record: record.id });
  const issued = await addCredential(trx, {
    stored: { record, materials, uniqueCode },
    at,
    issue: issueCredential,
  });
  if (!issued) throw new AppError('CREDENTIAL_NEEDS_GREEN', { record: record.id });
  const digitalCertificate = { ...toldOf(issued), verificationCode: issued.verificationCode };
  return {
    letters: [
      {
        to: audiencesOfRecord(stored),
        changes: [{ kind: 'credential-issued', recordId: record.id, at, digitalCertificate }],
      },
    ],
    noted: [{ action: 'credential-issued', refId: record.id, detail: issued.identifier ?? uniqueCode }],
  };
}

/** Throws RECORD_SUPERSEDED: nobody can correct what another record has replaced, and the decision falls with it. */
async function giveBack(
  trx: Trx,
  { deed: { recordId, reason }, stored }: { deed: DeedOf<'return-record'>; stored: StoredRecord },
): Promise<Done> {
  if (nextState(stored.state, 'return') === undefined)
    throw new AppError('RECORD_SUPERSEDED', { record: recordId });
  await trx
    .updateTable('record')
    .set({ state: returnedState, rejection: JSON.stringify({ code: returnedCode, message: reason }) })
    .where('id', '=', recordId)
    .execute();
  return nothing;
}

async function revoke(
  trx: Trx,
  { deed, stored }: { deed: DeedOf<'revoke-credential'>; stored: StoredRecord },
  { at }: RecordDeedContext,
): Promise<Done> {
  const { uniqueCode, record } = stored;
  const { reason, by } = deed;
  if (uniqueCode === undefined || !(await revokeCredential(trx, { uniqueCode, at, reason }))) return nothing;
  return {
    letters: [
      {
        to: audiencesOfRecord(stored),
        changes: [{ kind: 'credential-revoked', recordId: record.id, uniqueCode, at, by, reason }],
      },
    ],
    noted: [{ action: 'credential-revoked', refId: record.id, detail: reason }],
  };
}

/** Throws RECORD_NOT_EDITABLE where the record stands no more: what another has replaced is neither voided nor restored. */
async function setState(
  trx: Trx,
  { deed, stored }: { deed: DeedOf<'set-state'>; stored: StoredRecord },
  { at }: RecordDeedContext,
): Promise<Done> {
  const voided = await writeVoid(trx, stored, { isVoid: deed.to === 'void', at, by: deed.by });
  if (voided.outcome === 'as-before') return nothing;
  if (voided.outcome === 'stands-no-more')
    throw new AppError('RECORD_NOT_EDITABLE', { record: deed.recordId });
  return { letters: [voided.letter], noted: [{ action: voided.action, refId: deed.recordId }] };
}
