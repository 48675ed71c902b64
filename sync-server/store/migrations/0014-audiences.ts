import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Changes are for an audience: what was a station's becomes that of `station:<id>`, under the numbers it had. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('audience_head')
    .addColumn('audience', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createTable('audience_change')
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('audience_change_key', ['audience', 'seq'])
    .execute();
  await sql`insert into audience_head (audience, seq) select 'station:' || station_id, seq from feed_head`.execute(
    db,
  );
  await sql`insert into audience_change (audience, seq, body, at, subject)
    select 'station:' || station_id, seq, body, at, subject from change`.execute(db);
  await schema.dropTable('feed_head').execute();
  await schema.dropTable('change').execute();
  await schema.alterTable('audience_head').renameTo('feed_head').execute();
  await schema.alterTable('audience_change').renameTo('change').execute();
  await schema
    .createIndex('change_by_subject')
    .on('change')
    .columns(['audience', 'subject', 'seq'])
    .execute();
  // the owner of a record: all before were organisations
  await schema
    .alterTable('record')
    .addColumn('subject_kind', 'text', (c) => c.notNull().defaultTo('organisation'))
    .execute();
  await schema
    .createIndex('record_by_subject')
    .on('record')
    .columns(['subject_kind', 'subject_code', 'id'])
    .execute();
}
