import type { Job, JobKind, JobRows } from '../ports/job-rows.ts';
import { finishJob, noteEffect, raiseAlarm } from './bookkeeping.ts';
import { looseTransaction } from './durable-sqlite.ts';
import { isPostgres } from './open-store.ts';
import type { Db } from './open-store.ts';

export function createJobRows(db: Db): JobRows {
  return {
    async claim({ owner, nowMs, leaseMs, againMs }) {
      // a lease ends with the power
      return looseTransaction(db).execute(async (trx): Promise<Job | undefined> => {
        const due = await trx
          .selectFrom('job')
          .select(['id', 'kind', 'ref_id', 'attempts'])
          .where((eb) =>
            eb.or([
              eb.and([eb('state', '=', 'ready'), eb('next_at_ms', '<=', nowMs)]),
              eb.and([eb('state', '=', 'leased'), eb('lease_until_ms', '<=', nowMs)]),
            ]),
          )
          .orderBy('next_at_ms')
          .orderBy('id')
          .limit(1)
          // other processes take the next one instead of waiting for this; SQLite has one process
          .$if(isPostgres(trx), (query) => query.forUpdate().skipLocked())
          .executeTakeFirst();
        if (!due) return undefined;
        const attempts = Number(due.attempts) + 1;
        await trx
          .updateTable('job')
          .set({
            state: 'leased',
            lease_owner: owner,
            lease_until_ms: nowMs + leaseMs,
            attempts,
            // where it stands if the process ends with it: behind the others
            next_at_ms: nowMs + againMs(attempts),
          })
          .where('id', '=', due.id)
          .execute();
        // kinds are written by addJob only
        return { id: due.id, kind: due.kind as JobKind, refId: due.ref_id, attempts };
      });
    },
    async nextDueMs() {
      const row = await db
        .selectFrom('job')
        // what another process holds falls free when that dies
        .select((eb) =>
          eb.fn
            .min(
              eb
                .case()
                .when('state', '=', 'ready')
                .then(eb.ref('next_at_ms'))
                .else(eb.ref('lease_until_ms'))
                .end(),
            )
            .as('next'),
        )
        .where('state', 'in', ['ready', 'leased'])
        .executeTakeFirst();
      return row?.next === null || row?.next === undefined ? undefined : Number(row.next);
    },
    async renew(id, { owner, untilMs }) {
      await db
        .updateTable('job')
        .set({ lease_until_ms: untilMs })
        .where('id', '=', id)
        .where('state', '=', 'leased')
        .where('lease_owner', '=', owner)
        .execute();
    },
    async finish(id, { effect, refId, at }) {
      await db.transaction().execute(async (trx) => {
        if (await finishJob(trx, id)) await noteEffect(trx, effect, refId, at);
      });
    },
    async putBack(id, { owner, nextAtMs, reason, failed, waitsFor }) {
      await db
        .updateTable('job')
        .set((eb) => ({
          state: 'ready',
          lease_owner: null,
          lease_until_ms: 0,
          next_at_ms: nextAtMs,
          last_error: reason,
          waits_for: waitsFor ?? null,
          // the claim has counted it; work that only waits was no attempt
          attempts: eb('attempts', '-', failed ? 0 : 1),
        }))
        .where('id', '=', id)
        .where('state', '=', 'leased')
        .where('lease_owner', '=', owner)
        .execute();
    },
    async park(id, { owner, reason, detail, at }) {
      await db.transaction().execute(async (trx) => {
        const parked = await trx
          .updateTable('job')
          .set({ state: 'parked', lease_owner: null, lease_until_ms: 0, last_error: reason })
          .where('id', '=', id)
          .where('state', '=', 'leased')
          .where('lease_owner', '=', owner)
          .returning('id')
          .executeTakeFirst();
        if (!parked) return;
        await raiseAlarm(trx, { kind: 'job-parked', refId: id, detail: `${reason}: ${detail}`, at });
      });
    },
    async releaseAll() {
      await db
        .updateTable('job')
        .set({ state: 'ready', lease_owner: null, lease_until_ms: 0 })
        .where('state', '=', 'leased')
        .execute();
    },
  };
}
