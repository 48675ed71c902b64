import { PostgresAdapter, sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What several processes must tell each other, and what an administrator settles. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  // one column at a time: SQLite adds no two
  await schema.alterTable('station').addColumn('blob_token_sha', 'text').execute();
  await schema
    .alterTable('station')
    .addColumn('online_until_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  // a station that was let go on with another store counts its items from 1 again
  await schema
    .alterTable('station')
    .addColumn('seq_base', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('alarm').addColumn('settled_at', 'text').execute();
  await schema
    .createTable('upload')
    .addColumn('station_id', 'text', (c) => c.notNull().references('station.id'))
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('size', 'integer', (c) => c.notNull())
    .addColumn('offered_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('upload_key', ['station_id', 'sha'])
    .execute();
  // the table that the adapter between the processes cleans now and then
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`create table if not exists socket_io_attachments (
      id bigserial unique, created_at timestamptz default now(), payload bytea)`.execute(db);
  }
}
