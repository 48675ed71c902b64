import type { Kysely } from 'kysely';

/** When the administrator of a company found the real name of one of its operators right, and applications for that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('account').addColumn('real_name_at', 'text').execute();
  await schema
    .createTable('name_application')
    .addColumn('account_id', 'text', (c) => c.primaryKey())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('record_id', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('name_application_by_expiry')
    .on('name_application')
    .column('expires_at_ms')
    .execute();
}
