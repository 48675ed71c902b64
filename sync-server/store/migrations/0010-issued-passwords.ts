import type { Kysely } from 'kysely';

interface Accounts {
  account: {
    id: string;
    created_at: string;
    password_issued_at: string | null;
    password_issued_by: string | null;
  };
  operation: { action: string; actor: string; ref_id: string; at: string };
}

/**
 * A password that somebody else made is known to that person: it is good for nothing but choosing another. Both are null
 * where the person chose it. Of earlier accounts, those that were added or reset at the desk or by the command have such a
 * one; it does not run out, or nobody could get in who was not told of it.
 */
export async function up(db: Kysely<Accounts>): Promise<void> {
  for (const name of ['password_issued_at', 'password_issued_by', 'password_until'] as const)
    await db.schema.alterTable('account').addColumn(name, 'text').execute();
  const issued = await db
    .selectFrom('operation')
    .selectAll()
    .where('action', 'in', ['account-added', 'account-password'])
    .where('ref_id', '!=', 'demo')
    .orderBy('at')
    .execute();
  for (const { actor, ref_id, at } of issued)
    await db
      .updateTable('account')
      .set({ password_issued_at: at, password_issued_by: actor })
      .where('id', '=', ref_id)
      .execute();
}
