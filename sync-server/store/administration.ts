/** What an administrator looks at and settles. Works beside running servers. */
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

export interface OpenAlarm {
  at: string;
  kind: string;
  refId: string;
  detail: string;
}

const administrator = 'administrator';

export function createAdministration(db: Db) {
  const settle = async (trx: Trx, kind: string, refIds: readonly string[], at: string): Promise<void> => {
    await trx
      .updateTable('alarm')
      .set({ settled_at: at })
      .where('kind', '=', kind)
      .where('ref_id', 'in', refIds)
      .where('settled_at', 'is', null)
      .execute();
  };

  return {
    /** Oldest first. */
    async openAlarms(): Promise<OpenAlarm[]> {
      const rows = await db
        .selectFrom('alarm')
        .selectAll()
        .where('settled_at', 'is', null)
        .orderBy('at')
        .orderBy('id')
        .execute();
      return rows.map(({ at, kind, ref_id, detail }) => ({ at, kind, refId: ref_id, detail }));
    },

    /** Parked work, one piece or all, goes back to the queue and its alarm is settled. Answers how many pieces. */
    async resend(jobId: string | undefined, at: string): Promise<number> {
      return db.transaction().execute(async (trx) => {
        let query = trx
          .updateTable('job')
          .set({ state: 'ready', attempts: 0, next_at_ms: 0 })
          .where('state', '=', 'parked');
        if (jobId !== undefined) query = query.where('id', '=', jobId);
        const ids = (await query.returning('id').execute()).map(({ id }) => id);
        if (ids.length === 0) return 0;
        await settle(trx, 'job-parked', ids, at);
        for (const refId of ids)
          await noteOperation(trx, { actor: administrator, action: 'job-resent', refId, at });
        return ids.length;
      });
    },

    /**
     * Lets a quarantined station go on, with whatever store it has now: what it numbers from here on is a stretch of its own,
     * so that a new machine may count from 1. False when it is not in quarantine.
     */
    async release(stationId: string, at: string): Promise<boolean> {
      return db.transaction().execute(async (trx) => {
        const { known } = await trx
          .selectFrom('item')
          .select((eb) => eb.fn.max('seq').as('known'))
          .where('station_id', '=', stationId)
          .executeTakeFirstOrThrow();
        const released = await trx
          .updateTable('station')
          .set({ state: 'active', install_id: null, seq_base: Number(known ?? 0) })
          .where('id', '=', stationId)
          .where('state', '=', 'quarantined')
          .returning('id')
          .executeTakeFirst();
        if (!released) return false;
        await settle(trx, 'station-quarantined', [stationId], at);
        await noteOperation(trx, { actor: administrator, action: 'station-released', refId: stationId, at });
        return true;
      });
    },
  };
}
