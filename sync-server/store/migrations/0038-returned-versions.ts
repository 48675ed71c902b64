import type { Kysely } from 'kysely';

/** What a record said each time that it was given back and corrected. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('returned_version')
    .addColumn('record_id', 'text', (c) => c.notNull().references('record.id'))
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('item_id', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('corrected_at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('returned_version_key', ['record_id', 'number'])
    .execute();
}
