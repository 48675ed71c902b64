import { sql } from 'kysely';
import { isPostgres } from './open-store.ts';
import type { Trx } from './open-store.ts';

/** Two transactions that change what locks one person, or one work, follow each other: each sees what the other wrote. */
export async function hold(trx: Trx, what: string): Promise<void> {
  if (isPostgres(trx)) await sql`select pg_advisory_xact_lock(hashtextextended(${what}, 7))`.execute(trx);
}
