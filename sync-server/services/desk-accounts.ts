import { randomBytes } from 'node:crypto';
import type { Actor } from '#domain/accounts/schema.ts';
import { nobody } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import type { AccountRows } from '../ports/account-rows.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { sha256 } from './hashing.ts';
import type { KnownBrowsers } from './known-browsers.ts';
import { limitKeyOf } from './limit-key.ts';
import type { PasswordHashing } from './password-hashing.ts';

export const sessionMs = 8 * 60 * 60_000;

export interface DeskAccountsOptions {
  accounts: AccountRows;
  clock: Clock;
  log: Log;
  attempts: AttemptLimit;
  hashing: PasswordHashing;
  browsers: KnownBrowsers;
}

type AccountWithPassword = AccountView & { passwordHash: string; passwordUntil?: string };

/** From one address to one account, before the next try waits. An office shares one address. */
const freeTries = { account: 5, address: 50, knownBrowser: 10 } as const;
/** Of one account from browsers that it does not know, before all of them are slowed down and an administrator hears of it. */
const freeTriesInAll = 20;

/** Where a sign-in comes from. */
export interface SignInPlace {
  address: string;
  /** The browser's cookie for the account. */
  cookie: string | undefined;
}

export function createDeskAccounts(options: DeskAccountsOptions) {
  const { accounts, clock, log, attempts, hashing, browsers } = options;
  // compared against when there is no such account, so that both answers take the same time
  const nobody = hashing.hash(randomBytes(16).toString('hex'));

  async function open(
    { passwordHash: _passwordHash, passwordUntil: _passwordUntil, ...account }: AccountWithPassword,
    cookie: string | undefined,
  ): Promise<{ token: string; account: AccountView; browser: string }> {
    const token = randomBytes(32).toString('base64url');
    await accounts.openSession({
      tokenSha: sha256(token),
      accountId: account.id,
      at: clock.now(),
      expiresAt: new Date(clock.nowMs() + sessionMs).toISOString(),
    });
    return { token, account, browser: browsers.issue(account.id, cookie) };
  }

  return {
    /**
     * The session's token and what the browser shall keep, for cookies. Throws SIGN_IN_FAILED, TOO_MANY_ATTEMPTS, SERVER_BUSY.
     * A try is counted before the dear part of it and given back unless it was a wrong guess.
     */
    async signIn(
      { account: id, password }: { account: string; password: string },
      { address, cookie }: SignInPlace,
    ): Promise<{ token: string; account: AccountView; browser: string }> {
      const browser = browsers.recognise(id, cookie);
      const from = limitKeyOf(address);
      const inAll = `sign-in ${id}`;
      const attempt = await attempts.take(
        browser === undefined
          ? [
              { name: `sign-in from ${from}`, free: freeTries.address },
              { name: `sign-in ${id} from ${from}`, free: freeTries.account },
              // only counted: whoever could lock a name for all would keep its owner out
              { name: inAll },
            ]
          : [{ name: `sign-in ${id} in ${browser}`, free: freeTries.knownBrowser }],
      );
      try {
        const count = attempt.counts.get(inAll) ?? 0;
        await attempts.slowDown(count, freeTriesInAll);
        const found = await accounts.find(id);
        const isRight = await hashing.verify(password, found?.passwordHash ?? (await nobody), {
          goesFirst: browser !== undefined,
        });
        if (!found || !isRight) {
          // the name as it was typed: it is data, and what is typed there by mistake is cut
          log.warn({ account: id.slice(0, 64), address, known: found !== undefined }, 'sign-in failed');
          if (found && count > freeTriesInAll) await accounts.noteGuessing(id, clock.now());
          throw new AppError('SIGN_IN_FAILED');
        }
        if (found.passwordUntil !== undefined && found.passwordUntil <= clock.now())
          throw new AppError('PASSWORD_EXPIRED');
        await attempt.giveBack();
        return await open(found, cookie);
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'SIGN_IN_FAILED')) await attempt.giveBack();
        throw error;
      }
    },
    /** Throws UNAUTHENTICATED; PASSWORD_CHANGE_REQUIRED where somebody else made the password. */
    async whoIs(token: string | undefined): Promise<Actor> {
      const session =
        token === undefined ? undefined : await accounts.findOwnSession(sha256(token), clock.now());
      if (!session) throw new AppError('UNAUTHENTICATED');
      if (session.issued) throw new AppError('PASSWORD_CHANGE_REQUIRED');
      return staffActor(session.account);
    },
    async signOut(token: string | undefined): Promise<void> {
      if (token !== undefined) await accounts.closeSession(sha256(token));
    },
    /** Adds those that are not there yet; the passwords of the others stay. */
    async seed(list: readonly (AccountView & { password: string })[]): Promise<void> {
      for (const { password, ...account } of list) {
        if (await accounts.find(account.id)) continue;
        await accounts.add({ ...account, passwordHash: await hashing.hash(password) }, clock.now());
      }
    },
  };
}
const staffActor = ({ id, ...rest }: AccountView): Actor => ({
  ...nobody,
  ...rest,
  kind: 'staff',
  account: id,
});

export type DeskAccounts = ReturnType<typeof createDeskAccounts>;
