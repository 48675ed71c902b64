import { demoAccount } from '../texts.ts';
import type { AccountAdministration } from '../../ports/account-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { PasswordHashing } from './password-hashing.ts';

/** Who acts in the operation log when nobody does. */
const actor = 'server';
/** After one of these the one who did it could sign in as that account, or had it made to his wish. */
const granting: ReadonlySet<string> = new Set([
  'account-added',
  'account-password',
  'account-permissions',
  'account-enabled',
]);

export interface DemoAccountOptions {
  accounts: AccountAdministration;
  hashing: Pick<PasswordHashing, 'hash'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}

/** The demonstration's account, whose password everybody knows: there while the server shows itself, and no longer. */
export function createDemoAccount({ accounts, hashing, clock, log }: DemoAccountOptions) {
  return {
    /** With its known password, also where an earlier start disabled it. */
    async begin(permissions: readonly string[]): Promise<void> {
      const { id, name, password } = demoAccount;
      const acting = { actor, at: clock.now() };
      const passwordHash = await hashing.hash(password);
      const account = { id, name, department: '', permissions: [...permissions] };
      if (await accounts.add({ ...account, passwordHash }, acting)) return;
      const { department } = account;
      await accounts.change(
        id,
        ({ disabledAt }) => ({
          set: { name, department, permissions: account.permissions, passwordHash, disabledAt: null },
          actions: disabledAt === undefined ? [] : ['account-enabled'],
          endsSessions: false,
        }),
        acting,
      );
    },

    /** Disables it, and every account that it was the last to make or grant something to; says so. */
    async end(): Promise<void> {
      const all = await accounts.list();
      if (!all.some(({ id }) => id === demoAccount.id)) return;
      const ended: string[] = [];
      for (const { id, disabledAt } of all) {
        if (disabledAt !== undefined) continue;
        const last = (await accounts.operations(id)).find(({ action }) => granting.has(action));
        if (id !== demoAccount.id && last?.actor !== demoAccount.id) continue;
        await accounts.change(
          id,
          () => ({ set: { disabledAt: clock.now() }, actions: ['account-disabled'], endsSessions: true }),
          { actor, at: clock.now() },
        );
        ended.push(id);
      }
      if (ended.length > 0)
        log.warn(
          { accounts: ended },
          '本次启动不是演示：演示账号及由它添加或授权的账号已停用；其中确要使用的，请由管理员核对后恢复',
        );
    },
  };
}
