/** The steps by which a record that came is stored or refused, each in the transaction of its job. */
import { caseSchema } from '#domain/cases/schema.ts';
import { nextState, stateAfter, statesAtServer } from '#domain/record/lifecycle.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { handedInText } from '#domain/record/standing.ts';
import type { Change } from '#domain/sync/change.ts';
import { replaceCredentials } from './credential-rows.ts';
import { appendChanges, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Addressed } from './bookkeeping.ts';
import type { Trx } from './open-store.ts';

/** A refused record may be submitted again; the rows of others are closed to newcomers. */
const mayComeAgain = statesAtServer.filter((state) => nextState(state, 'submit') !== undefined);
const rejectedState = stateAfter('submitted', 'reject');

/** What belonged to the content that is replaced. */
export async function clearParts(
  trx: Trx,
  { recordId, uniqueCode, at }: { recordId: string; uniqueCode: string; at: string },
): Promise<void> {
  await trx.deleteFrom('material').where('record_id', '=', recordId).execute();
  await replaceCredentials(trx, uniqueCode, at);
}

/** Of each case that gave the record back. */
export async function workflowsThatWait(trx: Trx, recordId: string): Promise<string[]> {
  const rows = await trx
    .selectFrom('case_file')
    .select('body')
    .where('record_id', '=', recordId)
    .where('state', '=', 'returned')
    .orderBy('opened_at')
    .execute();
  return rows.map(({ body }) => caseSchema.parse(JSON.parse(body)).workflow);
}

/**
 * Writes the record as a rejected one, locking its row, and answers the unique code that it has already. Undefined, and nothing
 * is written, where it is stored already or another's; `onlyNew`: also where it was stored once and given back.
 */
export async function takeRecord(
  trx: Trx,
  input: { stationId: string; submissionId: string; receivedAt: string; at: string; record: LudengRecord },
  { onlyNew = false } = {},
): Promise<{ unique_code: string | null } | undefined> {
  const { record } = input;
  const row = {
    station_id: input.stationId,
    item_id: input.submissionId,
    state: rejectedState,
    programme: record.programme,
    kind: record.kind,
    subject_kind: record.subject.kind ?? 'organisation',
    subject_code: record.subject.creditCode,
    subject_name: record.subject.name,
    light: null,
    rejection: null,
    received_at: input.receivedAt,
    settled_at: input.at,
    superseded_at: null,
    body: JSON.stringify(record),
  };
  return trx
    .insertInto('record')
    .values({ id: record.id, unique_code: null, ...row })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(row)
        .where('record.state', 'in', mayComeAgain)
        .where('record.station_id', '=', input.stationId)
        // a registration's unit is corrected with its form: it is in the hands of the same applicant
        .where((eb) =>
          record.applicant === undefined
            ? eb('record.subject_code', '=', record.subject.creditCode)
            : eb.lit(true),
        )
        .where((eb) => (onlyNew ? eb('record.unique_code', 'is', null) : eb.lit(true))),
    )
    .returning('unique_code')
    .executeTakeFirst();
}

/** What both outcomes share: whoever may see the record hears of it, and pushes that waited for it go on. */
export async function settle(
  trx: Trx,
  input: { at: string; record: LudengRecord },
  addressed: readonly Addressed[],
): Promise<void> {
  await appendChanges(trx, addressed, input.at);
  await trx
    .updateTable('job')
    .set({ next_at_ms: 0 })
    .where('waits_for', '=', input.record.id)
    .where('state', '=', 'ready')
    .execute();
}

export async function noteOutcome(
  trx: Trx,
  { stationId, record, at }: { stationId: string; at: string; record: LudengRecord },
  action: Change['kind'],
): Promise<void> {
  const detail = handedInText(record.handedIn);
  const told = detail === undefined ? {} : { detail };
  await noteOperation(trx, { actor: stationId, action, refId: record.id, at, ...told });
  await noteEffect(trx, action, record.id, at);
}
