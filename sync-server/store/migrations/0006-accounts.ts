import type { Kysely } from 'kysely';

/** An account that may not be used any more keeps its name on what it did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('account').addColumn('disabled_at', 'text').execute();
}
