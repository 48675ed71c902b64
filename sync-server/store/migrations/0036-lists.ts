import type { Kysely } from 'kysely';

/** Rows of outside registers that a subject removed from a list; persons whom a subject let go. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('removed_row')
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('row_id', 'text', (c) => c.notNull())
    .addColumn('removed_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('removed_row_key', ['subject_id', 'programme', 'kind', 'row_id'])
    .execute();
  await schema.alterTable('record').addColumn('released_at', 'text').execute();
}
