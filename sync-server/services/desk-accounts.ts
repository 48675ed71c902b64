import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountView } from '#domain/contracts/console-server.ts';
import type { AccountRows } from '../ports/account-rows.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import type { AttemptLimit } from './attempt-limit.ts';
import { sha256 } from './hashing.ts';

// OWASP's minimum for scrypt (N = 2^15, r = 8, p = 3), about 100 ms
const cost = { N: 32_768, r: 8, p: 3, maxmem: 96 * 1024 * 1024 } as const;
const keyBytes = 32;

export const sessionMs = 8 * 60 * 60_000;

export interface DeskAccountsOptions {
  accounts: AccountRows;
  clock: Clock;
  log: Log;
  attempts: AttemptLimit;
}

export function createDeskAccounts({ accounts, clock, log, attempts }: DeskAccountsOptions) {
  // compared against when there is no such account, so that both answers take the same time
  const nobody = hashPassword(randomBytes(16).toString('hex'));

  return {
    /** The session's token, for a cookie. Throws SIGN_IN_FAILED, TOO_MANY_ATTEMPTS. `from` is the caller's address. */
    async signIn(
      { account: id, password }: { account: string; password: string },
      from: string,
    ): Promise<{ token: string; account: AccountView }> {
      // an office shares one address: one person's failures must not keep the others out
      const keys = [
        { name: `account ${id} at ${from}`, free: 5 },
        { name: `account ${id}`, free: 20 },
        { name: `address ${from}`, free: 50 },
      ];
      attempts.check(keys);
      const found = await accounts.find(id);
      const isRight = await isPassword(password, found?.passwordHash ?? (await nobody));
      if (!found || !isRight) {
        attempts.failed(keys);
        log.warn({ known: found !== undefined }, 'sign-in failed');
        throw new AppError('SIGN_IN_FAILED');
      }
      attempts.succeeded(keys.slice(0, 2));
      const token = randomBytes(32).toString('base64url');
      await accounts.openSession({
        tokenSha: sha256(token),
        accountId: id,
        at: clock.now(),
        expiresAt: new Date(clock.nowMs() + sessionMs).toISOString(),
      });
      const { passwordHash: _passwordHash, ...account } = found;
      return { token, account };
    },
    /** Throws UNAUTHENTICATED. */
    async whoIs(token: string | undefined): Promise<AccountView> {
      const account =
        token === undefined ? undefined : await accounts.findSession(sha256(token), clock.now());
      if (!account) throw new AppError('UNAUTHENTICATED');
      return account;
    },
    async signOut(token: string | undefined): Promise<void> {
      if (token !== undefined) await accounts.closeSession(sha256(token));
    },
    /** Adds those that are not there yet; the passwords of the others stay. */
    async seed(list: readonly (AccountView & { password: string })[]): Promise<void> {
      for (const { password, ...account } of list) {
        if (await accounts.find(account.id)) continue;
        await accounts.add({ ...account, passwordHash: await hashPassword(password) }, clock.now());
      }
    },
  };
}
export type DeskAccounts = ReturnType<typeof createDeskAccounts>;

/** `scrypt$N$r$p$salt$key`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split('$');
  if (kind !== 'scrypt' || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64url');
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: cost.maxmem };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), options);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
