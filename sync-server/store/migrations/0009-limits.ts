import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Limits and single-use codes, each a row that one statement changes (store/atomic-rows.ts). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tally')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addColumn('blocked_until_ms', 'bigint', (c) => c.notNull())
    .addColumn('forget_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('tally_over').on('tally').column('forget_at_ms').execute();
  await db.schema
    .createTable('single_use')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text')
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  // a code that was used stays used
  await sql`insert into single_use (name, holder, expires_at_ms)
    select 'enrolment-code ' || sha, station_id, ${sql.lit(Number.MAX_SAFE_INTEGER)}
    from enrolment_code where reusable = 0`.execute(db);
}
