import type { Kysely } from 'kysely';

/** Which push a case is a complaint about, and, while nobody has decided it, of which push it is the only one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('case_file').addColumn('complaint_push', 'text').execute();
  await schema.alterTable('case_file').addColumn('open_complaint', 'text').execute();
  // whoever lodges at the same moment: one complaint about a push waits at a time
  await schema
    .createIndex('case_file_by_open_complaint')
    .on('case_file')
    .column('open_complaint')
    .unique()
    .execute();
}
