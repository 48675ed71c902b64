import type { Kysely } from 'kysely';

/** As what a session acts at a portal, where its account may act as several. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('session').addColumn('acting_as', 'text').execute();
}
