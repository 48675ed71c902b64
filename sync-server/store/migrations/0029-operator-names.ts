import type { Kysely } from 'kysely';

/** When the administrator of a company found the real name of one of its operators right. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('account').addColumn('real_name_at', 'text').execute();
}
