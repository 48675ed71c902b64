import { AppError } from '#domain/errors/app-error.ts';
import { itemKindSchema } from '#domain/sync/action.ts';
import { blobRefSchema } from '#domain/sync/schema.ts';
import type { Receipt } from '#domain/sync/schema.ts';
import type { ItemRows, NewItem } from '../ports/item-rows.ts';
import { addJob, maxFindings, nextNumber, noteEffect, raiseAlarm } from './bookkeeping.ts';
import { looseTransaction } from './durable-sqlite.ts';
import type { Flush } from './durable-sqlite.ts';
import { isPostgres } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';
import { keepProofs } from './proof-rows.ts';

/** `flush`: of the store, before a receipt leaves. */
export function createItemRows(db: Db, flush: Flush): ItemRows {
  return {
    async find(id) {
      const row = await db.selectFrom('item').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const blobs = await db
        .selectFrom('item_blob')
        .innerJoin('blob', 'blob.sha', 'item_blob.sha')
        .select(['blob.sha', 'blob.size', 'blob.mime', 'item_blob.role'])
        .where('item_id', '=', id)
        .orderBy('ord')
        .execute();
      return {
        id: row.id,
        stationId: row.station_id,
        kind: itemKindSchema.parse(row.kind),
        payload: row.payload,
        manifestSha: row.manifest_sha,
        receivedAt: row.received_at,
        blobs: blobs.map((blob) => blobRefSchema.parse({ ...blob, size: Number(blob.size) })),
      };
    },

    async receiptOf({ id, stationId, payloadSha }) {
      const row = await db.selectFrom('item').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      if (row.station_id !== stationId) throw new AppError('CONFLICT', { id });
      if (payloadSha !== undefined && row.payload_sha !== payloadSha) throw new AppError('CONFLICT', { id });
      // its transaction may have ended this very moment
      await flush();
      return toReceipt(row);
    },

    async idsBetween({ stationId, after, upTo }) {
      const station = await db
        .selectFrom('station')
        .select('seq_base')
        .where('id', '=', stationId)
        .executeTakeFirst();
      const base = Number(station?.seq_base ?? 0);
      const rows = await db
        .selectFrom('item')
        .select('id')
        .where('station_id', '=', stationId)
        .where('seq', '>', base + after)
        .where('seq', '<=', base + upTo)
        .execute();
      return rows.map(({ id }) => id);
    },
    async noteFinding({ kind, stationId, itemId, detail, at }) {
      await db.transaction().execute(async (trx) => {
        const known = await trx
          .selectFrom('alarm')
          .select('id')
          .where('kind', '=', kind)
          .where('ref_id', '=', itemId)
          .where((eb) => eb.or([eb('settled_at', 'is', null), eb('is_known', '=', 1)]))
          .executeTakeFirst();
        if (known) return;
        // a station can name as many items as it likes
        const { open } = await trx
          .selectFrom('alarm')
          .select((eb) => eb.fn.countAll().as('open'))
          .where('station_id', '=', stationId)
          .where('settled_at', 'is', null)
          .executeTakeFirstOrThrow();
        if (Number(open) < maxFindings) await raiseAlarm(trx, { kind, refId: itemId, detail, at, stationId });
      });
    },
    async forgetFindings({ stationId, itemIds }) {
      const known = await db
        .selectFrom('alarm')
        .select(['id', 'ref_id'])
        .where('station_id', '=', stationId)
        .where('is_known', '=', 1)
        .execute();
      const whole = new Set(itemIds);
      const over = known.filter(({ ref_id }) => whole.has(ref_id)).map(({ id }) => id);
      if (over.length > 0)
        await db.updateTable('alarm').set({ is_known: 0 }).where('id', 'in', over).execute();
    },

    async commit(item, { sessionEpoch, jobId, jobKind, at, sign }) {
      // several stations' commits become durable by one flush
      const outcome = await looseTransaction(db).execute(async (trx) => {
        const station = await trx
          .selectFrom('station')
          .select(['session_epoch', 'state', 'seq_base'])
          .where('id', '=', item.stationId)
          // one commit of a station after another, whatever process holds it; SQLite has one writer anyway
          .$if(isPostgres(trx), (query) => query.forNoKeyUpdate())
          .executeTakeFirst();
        if (!station || Number(station.session_epoch) !== sessionEpoch || station.state !== 'active')
          throw new AppError('STATION_FENCED');
        const seq = Number(station.seq_base) + item.seq;

        const stored = await trx
          .selectFrom('item')
          .selectAll()
          .where((eb) =>
            eb.or([
              eb('id', '=', item.id),
              eb.and([eb('station_id', '=', item.stationId), eb('seq', '=', seq)]),
            ]),
          )
          .executeTakeFirst();
        if (stored) {
          const isSame =
            stored.id === item.id &&
            stored.station_id === item.stationId &&
            stored.manifest_sha === item.manifestSha;
          if (isSame) return { receipt: toReceipt(stored), inserted: false };
          return noteConflict(trx, item, at);
        }

        const unsigned = {
          id: item.id,
          manifestSha: item.manifestSha,
          serverSeq: await nextNumber(trx, 'server-seq'),
          receivedAt: at,
        };
        const receipt = { ...unsigned, signature: sign(unsigned) };
        const inserted = await trx
          .insertInto('item')
          .values({
            id: item.id,
            station_id: item.stationId,
            seq,
            kind: item.kind,
            schema_version: item.schemaVersion,
            payload: item.payload,
            payload_sha: item.payloadSha,
            manifest_sha: item.manifestSha,
            server_seq: receipt.serverSeq,
            received_at: at,
            signature: receipt.signature,
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        // another station has just brought the same id: ids are made at random, so somebody copied one
        if (!inserted) return noteConflict(trx, item, at);
        if (item.blobs.length > 0) {
          await trx
            .insertInto('blob')
            .values(item.blobs.map(({ sha, size, mime }) => ({ sha, size, mime, stored_at: at })))
            .onConflict((conflict) => conflict.doNothing())
            .execute();
          await trx
            .insertInto('item_blob')
            .values(item.blobs.map(({ sha, role }, ord) => ({ item_id: item.id, ord, sha, role })))
            .execute();
          await keepProofs(trx, item);
          // where one process serves, the session alone knows what was offered
          if (isPostgres(trx)) await forgetUploads(trx, item);
        }
        await addJob(trx, { id: jobId, kind: jobKind, refId: item.id, at });
        await noteEffect(trx, 'item-received', item.id, at);
        return { receipt, inserted: true };
      });
      await flush();
      // thrown after the transaction, so that the alarm itself is kept
      if (outcome === 'conflict') throw new AppError('CONFLICT', { id: item.id });
      return outcome;
    },
  };
}

async function forgetUploads(trx: Trx, { stationId, blobs }: NewItem): Promise<void> {
  const shas = blobs.map(({ sha }) => sha);
  await trx.deleteFrom('upload').where('station_id', '=', stationId).where('sha', 'in', shas).execute();
}

async function noteConflict(trx: Trx, item: NewItem, at: string): Promise<'conflict'> {
  await raiseAlarm(trx, {
    kind: 'item-conflict',
    refId: item.id,
    detail: `station ${item.stationId}, seq ${item.seq}, manifest ${item.manifestSha}`,
    at,
  });
  return 'conflict';
}

function toReceipt(row: {
  id: string;
  manifest_sha: string;
  server_seq: number;
  received_at: string;
  signature: string;
}): Receipt {
  return {
    id: row.id,
    manifestSha: row.manifest_sha,
    serverSeq: Number(row.server_seq),
    receivedAt: row.received_at,
    signature: row.signature,
  };
}
