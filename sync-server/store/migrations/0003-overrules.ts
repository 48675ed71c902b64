import type { Kysely } from 'kysely';

/** 改判: lights that reviewers set against the check. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('light_overrule')
    .addColumn('case_id', 'text', (c) => c.notNull().references('case_file.id'))
    .addColumn('ord', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('light_overrule_key', ['case_id', 'ord'])
    .execute();
}
