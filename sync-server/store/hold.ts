import { sql } from 'kysely';
import { isPostgres } from './open-store.ts';
import type { Trx } from './open-store.ts';

/**
 * Two transactions that change what locks one person, or one work, follow each other: each sees what the other wrote. In the
 * order that is given: a transaction holds works before persons, and each of them in one order, so that none waits in a circle.
 */
export async function hold(trx: Trx, ...what: readonly string[]): Promise<void> {
  if (!isPostgres(trx)) return;
  for (let done = 0; done < what.length; done += atOnce) await holdAll(trx, what.slice(done, done + atOnce));
}

/** A question has no more parameters than some ten thousand. */
const atOnce = 1_000;

async function holdAll(trx: Trx, what: readonly string[]): Promise<void> {
  const values = sql.join(what.map((one) => sql`(cast(${one} as text))`));
  await sql`select pg_advisory_xact_lock(hashtextextended(what, 7)) from (values ${values}) as held (what)`.execute(
    trx,
  );
}
