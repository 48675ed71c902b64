import type { Kysely } from 'kysely';

/** Registrations of main accounts that are being filled in or on their way, and what the business register said of each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('registration')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('token_sha', 'text', (c) => c.notNull().unique())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('handler_id', 'text', (c) => c.notNull())
    .addColumn('record_id', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('registration_by_handler').on('registration').column('handler_id').execute();
  await schema.createIndex('registration_by_record').on('registration').column('record_id').execute();
  await schema.createIndex('registration_by_expiry').on('registration').column('expires_at_ms').execute();
  await schema
    .createTable('register_answer')
    .addColumn('record_id', 'text', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('asked_at', 'text', (c) => c.notNull())
    .execute();
}
