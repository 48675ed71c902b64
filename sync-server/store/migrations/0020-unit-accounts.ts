import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Accounts through which persons act for a unit: of what type, whether they may be used yet, which key they are tied to. A unit
 * without a credit code is known by the id number of the person who answers for it. One person is one row.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('organisation')
    .addColumn('scheme', 'text', (c) => c.notNull().defaultTo('credit-code'))
    .execute();
  await schema
    .alterTable('account')
    .addColumn('type', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await schema
    .alterTable('account')
    .addColumn('is_pending', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('account').addColumn('key_serial', 'text').execute();
  await schema.alterTable('account').addColumn('record_id', 'text').execute();
  await schema.alterTable('person').addColumn('real_name_at', 'text').execute();
  await sql`create unique index person_by_id_number on person (id_number) where id_number is not null`.execute(
    db,
  );
  await sql`create unique index account_by_record on account (record_id) where record_id is not null`.execute(
    db,
  );
  await schema.createIndex('account_by_person').on('account').column('person_id').execute();
}
