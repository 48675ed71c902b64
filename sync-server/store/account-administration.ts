/** People, their departments and permissions: for the administrator's commands. Works beside running servers. */
import type { AccountView } from '#domain/contracts/console-server.ts';
import { insertAccount } from './account-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

export interface ListedAccount extends AccountView {
  disabledAt: string | undefined;
}

const administrator = 'administrator';

export function createAccountAdministration(db: Db) {
  /** One change of one account, noted; false where there is no such account. Its sessions end where it says so. */
  async function change(
    id: string,
    work: { set: Record<string, string | null>; action: string; endsSessions: boolean; at: string },
  ): Promise<boolean> {
    return db.transaction().execute(async (trx: Trx) => {
      const changed = await trx
        .updateTable('account')
        .set(work.set)
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      if (!changed) return false;
      if (work.endsSessions) await trx.deleteFrom('desk_session').where('account_id', '=', id).execute();
      await noteOperation(trx, { actor: administrator, action: work.action, refId: id, at: work.at });
      return true;
    });
  }

  return {
    async list(): Promise<ListedAccount[]> {
      const rows = await db.selectFrom('account').selectAll().orderBy('id').execute();
      return rows.map(({ id, name, department, permissions, disabled_at }) => ({
        id,
        name,
        department,
        // written by this folder only
        permissions: JSON.parse(permissions) as string[],
        disabledAt: disabled_at ?? undefined,
      }));
    },
    /** False where the id is taken. */
    async add(account: AccountView & { passwordHash: string }, at: string): Promise<boolean> {
      return db.transaction().execute(async (trx) => {
        if (!(await insertAccount(trx, account, at))) return false;
        await noteOperation(trx, { actor: administrator, action: 'account-added', refId: account.id, at });
        return true;
      });
    },
    setPermissions: (id: string, permissions: readonly string[], at: string) =>
      change(id, {
        set: { permissions: JSON.stringify(permissions) },
        action: 'account-permissions',
        endsSessions: false,
        at,
      }),
    setPassword: (id: string, passwordHash: string, at: string) =>
      change(id, {
        set: { password_hash: passwordHash },
        action: 'account-password',
        endsSessions: true,
        at,
      }),
    disable: (id: string, at: string) =>
      change(id, { set: { disabled_at: at }, action: 'account-disabled', endsSessions: true, at }),
    enable: (id: string, at: string) =>
      change(id, { set: { disabled_at: null }, action: 'account-enabled', endsSessions: false, at }),
  };
}
