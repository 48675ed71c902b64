import type { Kysely } from 'kysely';

/** When a person was last here; whoever looks after the accounts sees which are not used any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('account').addColumn('last_sign_in_at', 'text').execute();
}
