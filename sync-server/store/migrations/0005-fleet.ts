import type { Kysely } from 'kysely';

/** What stations tell of themselves, and what the desk wants of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('station_health')
    .addColumn('station_id', 'text', (c) => c.primaryKey().references('station.id'))
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('reported_at', 'text', (c) => c.notNull())
    .addColumn('clock_offset_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('station_setting')
    .addColumn('station_id', 'text', (c) => c.primaryKey().references('station.id'))
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('changed_at', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .execute();
}
