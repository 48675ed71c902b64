import { sql } from 'kysely';
import type { AtomicRows, IncrementOptions } from '../ports/atomic-rows.ts';
import { looseTransaction } from './durable-sqlite.ts';
import { isPostgres } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';

/** Later than every clock. */
const neverMs = Number.MAX_SAFE_INTEGER;

/** Limits and single-use codes. Counts need no flush: what a power cut takes back are failures, and those are forgiven. */
export function createAtomicRows(db: Db): AtomicRows {
  return {
    async increment(options) {
      const counted = await loosely(db, (given) => countOne(given, options));
      if (counted !== undefined) return { count: counted };
      const row = await db
        .selectFrom('tally')
        .select('blocked_until_ms')
        .where('name', '=', options.name)
        .executeTakeFirst();
      return { retryAfterMs: Math.max(1, Number(row?.blocked_until_ms ?? 0) - options.nowMs) };
    },
    async decrement(name) {
      await loosely(db, (given) =>
        given
          .updateTable('tally')
          .set((eb) => ({ count: eb('count', '-', 1), blocked_until_ms: 0 }))
          .where('name', '=', name)
          .where('count', '>', 0)
          .execute(),
      );
    },
    reserve: (name, options) => reserve(db, name, options),
    async release(name) {
      await db.deleteFrom('single_use').where('name', '=', name).where('holder', 'is', null).execute();
    },
    consume: (name, options) => consume(db, name, options),
    async forget(nowMs) {
      await db.deleteFrom('tally').where('forget_at_ms', '<=', nowMs).execute();
      await db.deleteFrom('single_use').where('expires_at_ms', '<=', nowMs).execute();
    },
  };
}

/** One statement. On PostgreSQL it is a transaction by itself: beginning and ending one would be two questions more. */
const loosely = <T>(db: Db, work: (given: Db | Trx) => Promise<T>): Promise<T> =>
  isPostgres(db) ? work(db) : looseTransaction(db).execute(work);

/** The count with this one; undefined, and nothing is counted, while an earlier one must be waited for. */
async function countOne(trx: Db | Trx, options: IncrementOptions): Promise<number | undefined> {
  const { name, nowMs, forgetMs } = options;
  const isOver = sql<boolean>`tally.forget_at_ms <= ${big(nowMs)}`;
  const next = sql<number>`case when ${isOver} then 1 else tally.count + 1 end`;
  const row = await trx
    .insertInto('tally')
    .values({
      name,
      count: 1,
      blocked_until_ms: blockedAfter(sql`1`, options),
      forget_at_ms: nowMs + forgetMs,
    })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({
          count: next,
          blocked_until_ms: blockedAfter(next, options),
          forget_at_ms: nowMs + forgetMs,
        })
        .where((eb) => eb.or([eb('tally.blocked_until_ms', '<=', nowMs), isOver])),
    )
    .returning('count')
    .executeTakeFirst();
  return row && Number(row.count);
}

/** Until when the next one waits; written so that both databases compute it inside the statement. */
function blockedAfter(
  count: ReturnType<typeof sql>,
  { free, nowMs, firstWaitMs, maxWaitMs }: IncrementOptions,
) {
  if (free === undefined) return sql<number>`${big(0)}`;
  const doublings = Math.max(0, Math.ceil(Math.log2(maxWaitMs / firstWaitMs)));
  const steps = Array.from(
    { length: doublings },
    (_, n) => sql`when ${count} = ${sql.lit(free + n)} then ${big(nowMs + firstWaitMs * 2 ** n)}`,
  );
  return sql<number>`case when ${count} < ${sql.lit(free)} then ${big(0)} ${sql.join(steps, sql` `)} else ${big(nowMs + maxWaitMs)} end`;
}

/** PostgreSQL takes a bare parameter in an expression for a smaller number. */
const big = (value: number) => sql`cast(${value} as bigint)`;

/** First writer wins. Inside a transaction too: it stands or falls with it. */
export async function reserve(
  db: Db | Trx,
  name: string,
  { nowMs, untilMs = neverMs }: { nowMs: number; untilMs?: number },
): Promise<boolean> {
  const row = await db
    .insertInto('single_use')
    .values({ name, holder: null, expires_at_ms: untilMs })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder: null, expires_at_ms: untilMs })
        .where('single_use.expires_at_ms', '<=', nowMs),
    )
    .returning('name')
    .executeTakeFirst();
  return row !== undefined;
}

/** Its first holder's, and nobody else's. Inside a transaction too. */
export async function consume(
  db: Db | Trx,
  name: string,
  { holder, nowMs }: { holder: string; nowMs: number },
): Promise<boolean> {
  const row = await db
    .updateTable('single_use')
    .set({ holder })
    .where('name', '=', name)
    .where('expires_at_ms', '>', nowMs)
    .where((eb) => eb.or([eb('holder', 'is', null), eb('holder', '=', holder)]))
    .returning('name')
    .executeTakeFirst();
  return row !== undefined;
}
