import type { Kysely } from 'kysely';

/** From when on a station seals records as a whole; those that are known already have not done so yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('station').addColumn('record_seals_since', 'text').execute();
}
