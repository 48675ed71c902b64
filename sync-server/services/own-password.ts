import type { ChangePassword, SignedIn } from '#domain/contracts/console-server.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountRows, OwnSession } from '../ports/account-rows.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import { sha256 } from './hashing.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { passwordFault } from './password-rules.ts';
import { nameOfActor } from './texts.ts';

/** Wrong present passwords before the session ends; whoever knows it signs in again, where tries are counted. */
const mostTries = 5;
const mostCounted = 10_000;

/** What a person does with the own password, and what one that somebody else made is good for: nothing but this. */
export function createOwnPassword({
  accounts,
  hashing,
  clock,
  log,
}: {
  accounts: AccountRows;
  hashing: PasswordHashing;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info' | 'warn'>;
}) {
  const tries = new Map<string, number>();

  async function find(token: string | undefined): Promise<OwnSession & { tokenSha: string }> {
    const tokenSha = token === undefined ? undefined : sha256(token);
    const session = tokenSha === undefined ? undefined : await accounts.findOwnSession(tokenSha, clock.now());
    if (!session || tokenSha === undefined) throw new AppError('UNAUTHENTICATED');
    return { ...session, tokenSha };
  }

  async function countWrong(tokenSha: string): Promise<void> {
    const count = (tries.get(tokenSha) ?? 0) + 1;
    const [oldest] = tries.keys();
    if (tries.size >= mostCounted && oldest !== undefined) tries.delete(oldest);
    tries.set(tokenSha, count);
    if (count < mostTries) return;
    tries.delete(tokenSha);
    await accounts.closeSession(tokenSha);
  }

  return {
    /** Who is signed in, also where the password must be changed first. Throws UNAUTHENTICATED. */
    me: async (token: string | undefined): Promise<SignedIn> => signedIn(await find(token)),

    /** Throws UNAUTHENTICATED, PASSWORD_WRONG (the present one), PASSWORD_TOO_WEAK (details.fault). Other sessions end. */
    async change(token: string | undefined, { current, next }: ChangePassword): Promise<SignedIn> {
      const { tokenSha, account } = await find(token);
      const { passwordHash } = (await accounts.find(account.id)) ?? {};
      // counted before, so that many at once are no more tries
      await countWrong(tokenSha);
      if (passwordHash === undefined || !(await hashing.verify(current, passwordHash, { goesFirst: true }))) {
        log.warn({ account: account.id }, 'password not changed: the present one is wrong');
        throw new AppError('PASSWORD_WRONG');
      }
      tries.delete(tokenSha);
      const fault = passwordFault(next, { own: [account.id, account.name], current });
      if (fault) throw new AppError('PASSWORD_TOO_WEAK', { fault });
      const isChanged = await accounts.changeOwnPassword({
        id: account.id,
        from: passwordHash,
        to: await hashing.hash(next),
        keptSessionSha: tokenSha,
        at: clock.now(),
      });
      // somebody reset it meanwhile, and this session is over
      if (!isChanged) throw new AppError('UNAUTHENTICATED');
      log.info({ account: account.id }, 'password changed by its owner');
      return signedIn(await find(token));
    },
  };
}
export type OwnPassword = ReturnType<typeof createOwnPassword>;

/** What the page is told of somebody's password that somebody else made. */
export function signedIn({ account, issued }: OwnSession): SignedIn {
  if (!issued) return account;
  const by = issued.byName ?? nameOfActor(issued.by);
  return { ...account, mustChangePassword: { at: issued.at, by, isReset: issued.isReset } };
}
