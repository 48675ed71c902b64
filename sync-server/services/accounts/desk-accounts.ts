import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import type { AccountRows } from '../../ports/account-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { PasswordLogin, SignInPlace } from './login/password.ts';
import type { Sessions } from './sessions.ts';
import type { PasswordHashing } from './password-hashing.ts';

export interface DeskAccountsOptions {
  accounts: AccountRows;
  clock: Pick<Clock, 'now'>;
  hashing: Pick<PasswordHashing, 'hash'>;
  passwordLogin: PasswordLogin;
  sessions: Sessions;
}

export function createDeskAccounts(options: DeskAccountsOptions) {
  const { accounts, clock, hashing, passwordLogin, sessions } = options;
  return {
    /** The session's token and what the browser shall keep, for cookies. Throws what the way throws. */
    async signIn(
      wanted: { account: string; password: string },
      { address, cookie, device, earlierToken }: SignInPlace,
    ): Promise<{ token: string; account: AccountView; browser: string }> {
      const { account, proof, browser } = await passwordLogin(wanted, { address, cookie, device });
      const token = await sessions.open({
        ...{ account: account.id, way: proof.way, assurance: [proof] },
        ...{ place: { address, device }, earlierToken },
      });
      return { token, account, browser };
    },
    /** Throws UNAUTHENTICATED; PASSWORD_CHANGE_REQUIRED where somebody else made the password. */
    async whoIs(token: string | undefined): Promise<Actor> {
      const { actor } = await sessions.find(token);
      if (actor.mustChangePassword) throw new AppError('PASSWORD_CHANGE_REQUIRED');
      return actor;
    },
    /**
     * Also somebody who must choose a password first; `nobody` where nobody is signed in. `mayRenew`: the answer can carry
     * another token, which it must where there is one.
     */
    async whoAsks(
      token: string | undefined,
      { mayRenew }: { mayRenew: boolean },
    ): Promise<{ actor: Actor; token?: string | undefined }> {
      try {
        const found = await sessions.find(token);
        return { actor: found.actor, token: mayRenew ? await sessions.renewIfDue(found) : undefined };
      } catch (error) {
        if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return { actor: nobody };
        throw error;
      }
    },
    signOut: (token: string | undefined): Promise<void> => sessions.close(token),
    /** Adds those that are not there yet; the passwords of the others stay. */
    async seed(list: readonly (AccountView & { password: string })[]): Promise<void> {
      for (const { password, ...account } of list) {
        if (await accounts.find(account.id)) continue;
        await accounts.add({ ...account, passwordHash: await hashing.hash(password) }, clock.now());
      }
    },
  };
}
export type DeskAccounts = ReturnType<typeof createDeskAccounts>;
