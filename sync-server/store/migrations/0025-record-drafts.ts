import type { Kysely } from 'kysely';

/** What is filled in at a portal and not handed in yet, whose it is, and which record it changes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('record_draft')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_code', 'text', (c) => c.notNull())
    .addColumn('changes', 'text', (c) => c.unique())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('record_draft_by_subject')
    .on('record_draft')
    .columns(['subject_code', 'programme', 'kind'])
    .execute();
  await schema.createIndex('record_draft_by_expiry').on('record_draft').column('expires_at_ms').execute();
}
