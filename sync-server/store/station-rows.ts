import { AppError } from '#domain/errors/app-error.ts';
import type { Selectable } from 'kysely';
import { ownStation } from '#domain/sync/own-station.ts';
import type { Station, StationRows, StationState } from '../ports/station-rows.ts';
import { consume, reserve } from './atomic-rows.ts';
import { raiseAlarm } from './bookkeeping.ts';
import { looseTransaction } from './durable-sqlite.ts';
import { isPostgres } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';
import type { Tables } from './tables.ts';

export function createStationRows(db: Db): StationRows {
  const rowOf = (trx: Db, id: string) =>
    trx.selectFrom('station').selectAll().where('id', '=', id).executeTakeFirst();

  return {
    async find(id) {
      const row = await rowOf(db, id);
      return row && toStation(row);
    },
    async list() {
      const rows = await db
        .selectFrom('station')
        .selectAll()
        .where('id', '!=', ownStation.id)
        .orderBy('id')
        .execute();
      return rows.map(toStation);
    },
    async addKnown({ id, name, publicKey }, at) {
      await insertStation(db, { id, name, publicKey, at });
    },
    async dropCodes({ keepSha, writtenSha }) {
      await db
        .deleteFrom('enrolment_code')
        .where((eb) =>
          eb.or([
            eb('reusable', '=', 1).and('sha', '!=', keepSha ?? ''),
            ...(writtenSha === undefined ? [] : [eb('sha', '=', writtenSha).and('station_id', 'is', null)]),
          ]),
        )
        .execute();
    },
    async addCode({ sha, reusable }, at) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('enrolment_code')
          .values({ sha, reusable: reusable ? 1 : 0, station_id: null, used_at: null, created_at: at })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        // one that was used before the restart stays used
        if (!reusable) await reserve(trx, singleUse(sha), { nowMs: Date.parse(at) });
      });
    },
    async enrol({ codeSha, stationId, name, publicKey, at }) {
      await db.transaction().execute(async (trx) => {
        const code = await trx
          .selectFrom('enrolment_code')
          .select('reusable')
          .where('sha', '=', codeSha)
          .executeTakeFirst();
        if (!code) throw new AppError('ENROLMENT_REFUSED');
        const use = { holder: stationId, nowMs: Date.parse(at) };
        if (code.reusable === 0 && !(await consume(trx, singleUse(codeSha), use)))
          throw new AppError('ENROLMENT_REFUSED');
        const known = await rowOf(trx, stationId);
        if (known && known.public_key !== publicKey) throw new AppError('CONFLICT', { stationId });
        if (known && known.state !== 'active')
          throw new AppError('ENROLMENT_REFUSED', { state: known.state });
        await insertStation(trx, { id: stationId, name, publicKey, at });
        // another code may have brought the same name meanwhile
        if ((await rowOf(trx, stationId))?.public_key !== publicKey)
          throw new AppError('CONFLICT', { stationId });
        await trx
          .updateTable('enrolment_code')
          .set({ station_id: stationId, used_at: at })
          .where('sha', '=', codeSha)
          .execute();
      });
    },
    async openSession(hello) {
      const { stationId, installId, maxSeq, pending, appVersion, blobTokenSha, at, onlineUntilMs } = hello;
      const outcome = await db.transaction().execute(async (trx) => {
        const station = await trx
          .selectFrom('station')
          .selectAll()
          .where('id', '=', stationId)
          .$if(isPostgres(trx), (query) => query.forNoKeyUpdate())
          .executeTakeFirst();
        if (!station || station.state === 'revoked') throw new AppError('STATION_UNKNOWN', { stationId });
        if (station.state === 'quarantined') return 'quarantined' as const;
        const { known } = await trx
          .selectFrom('item')
          .select((eb) => eb.fn.max('seq').as('known'))
          .where('station_id', '=', stationId)
          .executeTakeFirstOrThrow();
        const knownMaxSeq = Math.max(0, Number(known ?? 0) - Number(station.seq_base));
        const otherStore = station.install_id !== null && station.install_id !== installId && knownMaxSeq > 0;
        if (knownMaxSeq > maxSeq || otherStore) {
          await trx
            .updateTable('station')
            .set({ state: 'quarantined' })
            .where('id', '=', stationId)
            .execute();
          await raiseAlarm(trx, {
            kind: 'station-quarantined',
            refId: stationId,
            detail: otherStore ? 'another store' : `known ${knownMaxSeq}, told ${maxSeq}`,
            at,
          });
          return 'quarantined' as const;
        }
        const { session_epoch } = await trx
          .updateTable('station')
          .set((eb) => ({
            session_epoch: eb('session_epoch', '+', 1),
            install_id: installId,
            pending,
            app_version: appVersion,
            last_seen_at: at,
            blob_token_sha: blobTokenSha,
            online_until_ms: onlineUntilMs,
          }))
          .where('id', '=', stationId)
          .returning('session_epoch')
          .executeTakeFirstOrThrow();
        return { sessionEpoch: Number(session_epoch) };
      });
      // thrown after the transaction, so that the quarantine itself is kept
      if (outcome === 'quarantined') throw new AppError('STATION_QUARANTINED', { stationId });
      return outcome;
    },
    async noteRecordSeals(stationId, at) {
      await db
        .updateTable('station')
        .set({ record_seals_since: at })
        .where('id', '=', stationId)
        .where((eb) => eb.or([eb('record_seals_since', 'is', null), eb('record_seals_since', '>', at)]))
        .execute();
    },
    async keepOnline(ids, untilMs) {
      if (ids.length === 0) return;
      await db.updateTable('station').set({ online_until_ms: untilMs }).where('id', 'in', ids).execute();
    },
    async closeSession({ stationId, sessionEpoch, at }) {
      await db
        .updateTable('station')
        .set({ last_seen_at: at, online_until_ms: 0, blob_token_sha: null })
        .where('id', '=', stationId)
        .where('session_epoch', '=', sessionEpoch)
        .execute();
    },
    async quarantine(stationId, detail, at) {
      await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('station')
          .set({ state: 'quarantined' })
          .where('id', '=', stationId)
          .where('state', '=', 'active')
          .execute();
        await raiseAlarm(trx, { kind: 'station-quarantined', refId: stationId, detail, at });
      });
    },
    async noteQuota(stationId, detail, at) {
      await db.transaction().execute(async (trx) => {
        const open = await trx
          .selectFrom('alarm')
          .select('id')
          .where('kind', '=', 'station-quota')
          .where('ref_id', '=', stationId)
          .where('settled_at', 'is', null)
          .executeTakeFirst();
        if (!open) await raiseAlarm(trx, { kind: 'station-quota', refId: stationId, detail, at, stationId });
      });
    },
    async noteUploads(stationId, blobs, at) {
      if (blobs.length === 0) return;
      const rows = new Map(
        blobs.map(({ sha, size }) => [sha, { station_id: stationId, sha, size, offered_at: at }]),
      );
      // the session it serves ends with the power
      await looseTransaction(db).execute((trx) =>
        trx
          .insertInto('upload')
          .values([...rows.values()])
          .onConflict((conflict) =>
            conflict.columns(['station_id', 'sha']).doUpdateSet((eb) => ({
              size: eb.ref('excluded.size'),
              offered_at: eb.ref('excluded.offered_at'),
            })),
          )
          .execute(),
      );
    },
    async findUpload(stationId, sha) {
      const row = await db
        .selectFrom('upload')
        .select('size')
        .where('station_id', '=', stationId)
        .where('sha', '=', sha)
        .executeTakeFirst();
      return row && Number(row.size);
    },
  };
}

const singleUse = (codeSha: string): string => `enrolment-code ${codeSha}`;

async function insertStation(
  trx: Db | Trx,
  { id, name, publicKey, at }: { id: string; name: string; publicKey: string; at: string },
): Promise<void> {
  await trx
    .insertInto('station')
    .values({
      id,
      name,
      public_key: publicKey,
      install_id: null,
      session_epoch: 0,
      state: 'active',
      pending: 0,
      app_version: '',
      last_seen_at: null,
      enrolled_at: at,
      record_seals_since: at,
      blob_token_sha: null,
      online_until_ms: 0,
      seq_base: 0,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function toStation(row: Selectable<Tables['station']>): Station {
  return {
    id: row.id,
    name: row.name,
    publicKey: row.public_key,
    sessionEpoch: Number(row.session_epoch),
    // written by this module only
    state: row.state as StationState,
    pending: Number(row.pending),
    appVersion: row.app_version,
    onlineUntilMs: Number(row.online_until_ms),
    ...(row.install_id === null ? {} : { installId: row.install_id }),
    ...(row.blob_token_sha === null ? {} : { blobTokenSha: row.blob_token_sha }),
    ...(row.last_seen_at === null ? {} : { lastSeenAt: row.last_seen_at }),
    ...(row.record_seals_since === null ? {} : { recordSealsSince: row.record_seals_since }),
  };
}
