import { dayMs } from '#domain/primitives.ts';
import type { ChangePassword, SignedIn } from '#domain/contracts/desk/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountRows } from '../../ports/account-rows.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { FoundSession } from '../../ports/session-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Sessions } from './sessions.ts';
import { sha256 } from '../hashing.ts';
import type { PasswordHashing } from './password-hashing.ts';
import { passwordFault } from './password-rules.ts';
import { nameOfActor } from '../texts.ts';

/** Wrong present passwords before the session ends; whoever knows it signs in again, where tries are counted. */
const maxTries = 5;
/** A session lives no longer than this. */
const forgetMs = dayMs;

/** What a person does with the own password, and what one that somebody else made is good for: nothing but this. */
export function createOwnPassword({
  accounts,
  sessions,
  hashing,
  tallies,
  clock,
  log,
}: {
  accounts: AccountRows;
  sessions: Pick<Sessions, 'find' | 'close' | 'renew'>;
  hashing: PasswordHashing;
  tallies: Pick<AtomicRows, 'increment' | 'decrement'>;
  clock: Pick<Clock, 'now' | 'nowMs'>;
  log: Pick<Log, 'info' | 'warn'>;
}) {
  /** How many wrong tries there were with this one, over all processes; the right one takes its own back. */
  async function countTry(name: string): Promise<number> {
    const counted = await tallies.increment({
      name,
      nowMs: clock.nowMs(),
      firstWaitMs: 1,
      maxWaitMs: 1,
      forgetMs,
    });
    return 'count' in counted ? counted.count : Infinity;
  }

  return {
    /** Who is signed in, also where the password must be changed first. Throws UNAUTHENTICATED. */
    me: async (token: string | undefined): Promise<SignedIn> => signedIn(await sessions.find(token)),

    /**
     * Throws UNAUTHENTICATED, PASSWORD_WRONG (the present one), PASSWORD_TOO_WEAK (details.fault). Other sessions end, this one
     * goes on with another token.
     */
    async change(
      token: string | undefined,
      { current, next }: ChangePassword,
    ): Promise<{ account: SignedIn; token: string }> {
      const { id: session, account } = await sessions.find(token);
      const { passwordHash, mobile = '' } = (await accounts.find(account.id)) ?? {};
      if (passwordHash === undefined) throw new AppError('UNAUTHENTICATED');
      // Counted before the look, so that many at once are no more tries.
      const tally = `own-password:${sha256(`${session} ${passwordHash}`)}`;
      const count = await countTry(tally);
      if (count > maxTries) {
        await sessions.close(token);
        throw new AppError('UNAUTHENTICATED');
      }
      if (!(await hashing.verify(current, passwordHash, { goesFirst: true }))) {
        log.warn({ account: account.id }, 'password not changed: the present one is wrong');
        if (count === maxTries) await sessions.close(token);
        throw new AppError('PASSWORD_WRONG');
      }
      await tallies.decrement(tally);
      const fault = passwordFault(next, { own: [account.id, account.name, mobile], current });
      if (fault) throw new AppError('PASSWORD_TOO_WEAK', { fault });
      const isChanged = await accounts.changeOwnPassword({
        id: account.id,
        from: passwordHash,
        to: await hashing.hash(next),
        keptSession: session,
        at: clock.now(),
      });
      // somebody reset it meanwhile, and this session is over
      if (!isChanged) throw new AppError('UNAUTHENTICATED');
      log.info({ account: account.id }, 'password changed by its owner');
      const renewed = await sessions.renew(session);
      if (renewed === undefined) throw new AppError('UNAUTHENTICATED');
      return { account: signedIn(await sessions.find(renewed)), token: renewed };
    },
  };
}
export type OwnPassword = ReturnType<typeof createOwnPassword>;

/** What the page is told of somebody's password that somebody else made. */
export function signedIn({ account, issued }: Pick<FoundSession, 'account' | 'issued'>): SignedIn {
  if (!issued) return account;
  const by = issued.byName ?? nameOfActor(issued.by);
  return { ...account, mustChangePassword: { at: issued.at, by, isReset: issued.isReset } };
}
