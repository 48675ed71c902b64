import { hash } from 'node:crypto';
import { ulid } from 'ulid';
import { AppError } from '#domain/errors/app-error.ts';
import { stateAfter } from '#domain/record/lifecycle.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { manifestText } from '#domain/sync/manifest.ts';
import { ownStation } from '#domain/sync/own-station.ts';
import type { FiledRecord, FiledRecordRows } from '../ports/filed-record-rows.ts';
import { addJob, nextNumber, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Addressed } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';
import { ensureOwnStation } from './own-station.ts';
import { renameRegistrant } from './registrant-rows.ts';
import { holdReturned, keepVersion } from './returned-versions.ts';
import { settle, workflowsThatWait } from './settle-record.ts';
import { supersede } from './supersede-record.ts';

const storedState = stateAfter('submitted', 'store');

export function createFiledRecordRows(db: Db): FiledRecordRows {
  return {
    async file(filed) {
      const { record, title, renames, actor, at } = filed;
      return db.transaction().execute(async (trx) => {
        await ensureOwnStation(trx, at);
        const itemId = await addItem(trx, filed);
        const write = filed.isCorrection ? correct : addNew;
        const { uniqueCode, opens, superseded } = await write(trx, filed, itemId);
        if (renames) await renameRegistrant(trx, { ...renames, at });
        for (const workflow of opens)
          await addJob(trx, { id: ulid(), kind: 'case', refId: `${workflow} ${record.id}`, at });
        const stored = { kind: 'record-stored', recordId: record.id, uniqueCode, storedAt: at } as const;
        const to = [audienceOf.subject(record.subject)];
        await settle(trx, { at, record }, [{ to, changes: [stored] }, ...superseded]);
        const action = filed.isCorrection ? 'record-corrected' : 'record-filed';
        await noteOperation(trx, { actor, action, refId: record.id, at, detail: title });
        await noteEffect(trx, action, record.id, at);
        return { uniqueCode };
      });
    },
  };
}

/** Everything that came in stands as an item: also each version of what is corrected. */
async function addItem(trx: Trx, { record, blobs, at, sign }: FiledRecord): Promise<string> {
  const payload = JSON.stringify({
    record: record.id,
    action: 'submit',
    payload: { record, stationId: ownStation.id },
  });
  const payloadSha = hash('sha256', payload);
  const unsigned = {
    id: ulid(),
    manifestSha: hash('sha256', manifestText(payloadSha, blobs)),
    serverSeq: await nextNumber(trx, 'server-seq'),
    receivedAt: at,
  };
  await trx
    .insertInto('item')
    .values({
      ...{ id: unsigned.id, station_id: ownStation.id, seq: await nextNumber(trx, 'filed-record') },
      ...{ kind: 'action', schema_version: 1, payload, payload_sha: payloadSha },
      ...{ manifest_sha: unsigned.manifestSha, server_seq: unsigned.serverSeq, received_at: at },
      signature: sign(unsigned),
    })
    .execute();
  if (blobs.length === 0) return unsigned.id;
  await trx
    .insertInto('blob')
    .values(blobs.map((blob) => ({ ...blob, stored_at: at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx
    .insertInto('item_blob')
    .values(blobs.map(({ sha }, ord) => ({ item_id: unsigned.id, ord, sha, role: 'attachment' })))
    .execute();
  return unsigned.id;
}

interface Written {
  uniqueCode: string;
  /** Workflows of which a case is opened, or goes on. */
  opens: readonly string[];
  superseded: readonly Addressed[];
}

async function addNew(trx: Trx, filed: FiledRecord, itemId: string): Promise<Written> {
  const { record, counter, makeUniqueCode, opens, at } = filed;
  const superseded = await supersede(trx, record, at);
  if (record.supersedes !== undefined && superseded.length === 0)
    throw new AppError('RECORD_NOT_EDITABLE', { record: record.supersedes });
  const uniqueCode = makeUniqueCode(await nextNumber(trx, counter));
  await trx
    .insertInto('record')
    .values({
      ...{ id: record.id, station_id: ownStation.id, programme: record.programme, kind: record.kind },
      ...{ subject_kind: record.subject.kind ?? 'organisation', subject_code: record.subject.creditCode },
      ...{ light: null, superseded_at: null },
      ...filledColumns({ record, uniqueCode, itemId, at }),
    })
    .execute();
  return { uniqueCode, opens: opens === undefined ? [] : [opens], superseded };
}

async function correct(trx: Trx, { record, at }: FiledRecord, itemId: string): Promise<Written> {
  const returned = await holdReturned(trx, record.id);
  const opens = await workflowsThatWait(trx, record.id);
  if (!returned || opens.length === 0) throw new AppError('RECORD_NOT_EDITABLE', { record: record.id });
  await keepVersion(trx, returned, at);
  const { uniqueCode } = returned;
  await trx
    .updateTable('record')
    .set(filledColumns({ record, uniqueCode, itemId, at }))
    .where('id', '=', record.id)
    .execute();
  return { uniqueCode, opens, superseded: [] };
}

function filledColumns({
  record,
  uniqueCode,
  itemId,
  at,
}: {
  record: LudengRecord;
  uniqueCode: string;
  itemId: string;
  at: string;
}) {
  const stored: LudengRecord = { ...record, state: storedState, uniqueCode };
  return {
    ...{ item_id: itemId, state: storedState, subject_name: record.subject.name, rejection: null },
    ...{ unique_code: uniqueCode, received_at: at, settled_at: at, body: JSON.stringify(stored) },
  };
}
