import type { Kysely } from 'kysely';

/** The code that brings a draft to a counter, and the counter that has it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  for (const [column, type] of [
    ['code_sha', 'text'],
    ['code_expires_at_ms', 'bigint'],
    ['code_used_at', 'text'],
    ['carried_as', 'text'],
    ['carried_to', 'text'],
    ['carried_at', 'text'],
    ['given_at', 'text'],
  ] as const)
    await schema.alterTable('record_draft').addColumn(column, type).execute();
  await schema.createIndex('record_draft_by_code').on('record_draft').column('code_sha').unique().execute();
  await schema.createIndex('record_draft_by_carrying').on('record_draft').column('carried_as').execute();
}
