import type { Kysely } from 'kysely';

/** Which subject's key was at which station, and until when that station may follow the subject's feed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('subscription')
    .addColumn('token_sha', 'text', (c) => c.primaryKey())
    .addColumn('station_id', 'text', (c) => c.notNull().references('station.id'))
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('proof', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .execute();
  await db.schema
    .createIndex('subscription_by_station')
    .on('subscription')
    .columns(['station_id', 'audience', 'made_at'])
    .execute();
  // who took its place is in the newer record; when, was nowhere
  await db.schema.alterTable('record').addColumn('superseded_at', 'text').execute();
}
