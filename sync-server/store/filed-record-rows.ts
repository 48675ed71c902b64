import { hash } from 'node:crypto';
import { ulid } from 'ulid';
import { AppError } from '#domain/errors/app-error.ts';
import { stateAfter } from '#domain/record/lifecycle.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { manifestText } from '#domain/sync/manifest.ts';
import { ownStation } from '../ports/filed-record-rows.ts';
import type { FiledRecordRows } from '../ports/filed-record-rows.ts';
import { addJob, appendChanges, nextNumber, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import { supersede } from './supersede-record.ts';
import { renameRegistrant } from './registrant-rows.ts';
import { ensureOwnStation } from './own-station.ts';

const storedState = stateAfter('submitted', 'store');

export function createFiledRecordRows(db: Db): FiledRecordRows {
  return {
    async file({ record, title, blobs, counter, makeUniqueCode, opens, renames, actor, at, sign }) {
      return db.transaction().execute(async (trx) => {
        await ensureOwnStation(trx, at);
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
        if (blobs.length > 0) {
          await trx
            .insertInto('blob')
            .values(blobs.map((blob) => ({ ...blob, stored_at: at })))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
          await trx
            .insertInto('item_blob')
            .values(blobs.map(({ sha }, ord) => ({ item_id: unsigned.id, ord, sha, role: 'attachment' })))
            .execute();
        }
        const superseded = await supersede(trx, record, at);
        if (record.supersedes !== undefined && superseded.length === 0)
          throw new AppError('RECORD_NOT_EDITABLE', { record: record.supersedes });
        const uniqueCode = makeUniqueCode(await nextNumber(trx, counter));
        const stored: LudengRecord = { ...record, state: storedState, uniqueCode };
        await trx
          .insertInto('record')
          .values({
            ...{ id: record.id, station_id: ownStation.id, item_id: unsigned.id, state: storedState },
            ...{ programme: record.programme, kind: record.kind },
            ...{
              subject_kind: record.subject.kind ?? 'organisation',
              subject_code: record.subject.creditCode,
            },
            ...{ subject_name: record.subject.name, light: null, rejection: null, unique_code: uniqueCode },
            ...{ received_at: at, settled_at: at, superseded_at: null, body: JSON.stringify(stored) },
          })
          .execute();
        if (renames) await renameRegistrant(trx, { ...renames, at });
        if (opens !== undefined)
          await addJob(trx, { id: ulid(), kind: 'case', refId: `${opens} ${record.id}`, at });
        await appendChanges(
          trx,
          [
            {
              to: [audienceOf.subject(record.subject)],
              changes: [{ kind: 'record-stored', recordId: record.id, uniqueCode, storedAt: at }],
            },
            ...superseded,
          ],
          at,
        );
        await noteOperation(trx, { actor, action: 'record-filed', refId: record.id, at, detail: title });
        await noteEffect(trx, 'record-filed', record.id, at);
        return { uniqueCode };
      });
    },
  };
}
