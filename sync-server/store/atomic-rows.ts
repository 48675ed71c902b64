import { sql } from 'kysely';
import type { AtomicRows, IncrementOptions } from '../ports/atomic-rows.ts';
import { looseTransaction } from './durable-sqlite.ts';
import { isPostgres } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';
import { prepareQuery, prepareRows } from './prepared-query.ts';

/** Later than every clock. */
const neverMs = Number.MAX_SAFE_INTEGER;

/** Limits and single-use codes. Counts need no flush: what a power cut takes back are failures, and those are forgiven. */
export function createAtomicRows(db: Db): AtomicRows {
  return {
    async increment(options) {
      const { name, nowMs, forgetMs } = options;
      const count = countingWith(options);
      const row = await loosely(db, (given) => count(given, { name, nowMs, forgetAtMs: nowMs + forgetMs }));
      const counted = row && Number(row.count);
      if (counted !== undefined) return { count: counted };
      const waiting = await db
        .selectFrom('tally')
        .select('blocked_until_ms')
        .where('name', '=', name)
        .executeTakeFirst();
      return { retryAfterMs: Math.max(1, Number(waiting?.blocked_until_ms ?? 0) - nowMs) };
    },
    async decrement(name) {
      await loosely(db, (given) => takeBack(given, { name }));
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

const takeBack = prepareRows('tally-take-back', (db, { name }: { name: string }) =>
  db
    .updateTable('tally')
    .set((eb) => ({ count: eb('count', '-', 1), blocked_until_ms: 0 }))
    .where('name', '=', name)
    .where('count', '>', 0),
);

interface Waits extends Pick<IncrementOptions, 'firstWaitMs' | 'maxWaitMs'> {
  free: number | undefined;
}
type Count = ReturnType<typeof prepareCount>;
/** One statement for each manner of waiting; there are as many as the code and the settings name. */
const counting = new Map<string, Count>();

function countingWith({ free, firstWaitMs, maxWaitMs }: IncrementOptions): Count {
  const manner = free === undefined ? 'only' : `${free}-${firstWaitMs}-${maxWaitMs}`;
  const known = counting.get(manner) ?? prepareCount(`tally-${manner}`, { free, firstWaitMs, maxWaitMs });
  counting.set(manner, known);
  return known;
}

/** The count with this one; no row, and nothing is counted, while an earlier one must be waited for. */
function prepareCount(statement: string, waits: Waits) {
  interface Counted {
    name: string;
    nowMs: number;
    forgetAtMs: number;
  }
  return prepareQuery(statement, (db, { name, nowMs, forgetAtMs }: Counted) => {
    const isOver = sql<boolean>`tally.forget_at_ms <= ${big(nowMs)}`;
    const next = sql<number>`case when ${isOver} then 1 else tally.count + 1 end`;
    return db
      .insertInto('tally')
      .values({
        name,
        count: 1,
        blocked_until_ms: blockedAfter(sql`1`, nowMs, waits),
        forget_at_ms: forgetAtMs,
      })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({
            count: next,
            blocked_until_ms: blockedAfter(next, nowMs, waits),
            forget_at_ms: forgetAtMs,
          })
          .where((eb) => eb.or([eb('tally.blocked_until_ms', '<=', nowMs), isOver])),
      )
      .returning('count');
  });
}

/** Until when the next one waits; written so that both databases compute it inside the statement. */
function blockedAfter(count: ReturnType<typeof sql>, nowMs: number, { free, firstWaitMs, maxWaitMs }: Waits) {
  if (free === undefined) return sql<number>`cast(0 as bigint)`;
  const after = (ms: number) => sql`${big(nowMs)} + ${sql.lit(ms)}`;
  const doublings = Math.max(0, Math.ceil(Math.log2(maxWaitMs / firstWaitMs)));
  const steps = Array.from(
    { length: doublings },
    (_, n) => sql`when ${count} = ${sql.lit(free + n)} then ${after(firstWaitMs * 2 ** n)}`,
  );
  return sql<number>`case when ${count} < ${sql.lit(free)} then cast(0 as bigint) ${sql.join(steps, sql` `)} else ${after(maxWaitMs)} end`;
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
