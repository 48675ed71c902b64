import { randomBytes } from 'node:crypto';
import type { Proof } from '#domain/accounts/assurance.ts';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import type { AccountRows, FoundAccount } from '../../../ports/account-rows.ts';
import type { Clock, Log } from '../../../ports/surroundings.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import type { KnownBrowsers } from '../known-browsers.ts';
import { limitKeyOf } from '../limit-key.ts';
import type { PasswordHashing } from '../password-hashing.ts';
import type { SignInLog } from '../sign-in-log.ts';

export interface PasswordLoginOptions {
  accounts: AccountRows;
  clock: Clock;
  log: Log;
  attempts: AttemptLimit;
  hashing: PasswordHashing;
  browsers: KnownBrowsers;
  signInLog: Pick<SignInLog, 'refused'>;
  /** Whether an operator with these rights may come by that way: by none that the systems of the account do not offer. */
  isOffered: (way: LoginWayId, permissions: readonly string[]) => boolean;
}

/** Ways in that begin with a password. */
export type WayWithPassword = Extract<LoginWayId, 'password' | 'password-sms'>;

/** From one address to one account, before the next try waits. An office shares one address. */
const freeTries = { account: 5, address: 50, knownBrowser: 10 } as const;
/** Of one account from browsers that it does not know, before all of them are slowed down and an administrator hears of it. */
const freeTriesInAll = 20;

/** Where a sign-in comes from. */
export interface SignInPlace {
  address: string;
  /** The browser's cookie for the account. */
  cookie: string | undefined;
  /** What the browser calls itself. */
  device: string;
  /** Of the session that the same browser had. */
  earlierToken: string | undefined;
}

/** What a right password proves, and what the browser shall keep. */
export interface PasswordProof {
  account: AccountView;
  proof: Proof;
  browser: string;
}

/** Account and password: one factor, of the person or organisation whose the account is. */
export function createPasswordLogin(options: PasswordLoginOptions) {
  const { accounts, clock, log, attempts, hashing, browsers, signInLog, isOffered } = options;
  // compared against when there is no such account, so that both answers take the same time
  const nobody = hashing.hash(randomBytes(16).toString('hex'));

  async function raise(id: string, password: string, from: string): Promise<void> {
    if (!hashing.isOutdated(from)) return;
    await accounts.raiseHash({ id, from, to: await hashing.hash(password) });
    log.info({ account: id }, 'password hash raised');
  }

  /** What is thrown, noted where there is such an account. */
  function refused(
    account: string | undefined,
    place: { way: WayWithPassword; address: string; device: string },
    reason: AppError,
  ): AppError {
    if (account !== undefined) signInLog.refused({ account, code: reason.code, ...place });
    return reason;
  }

  /** A code goes to an operator's phone and to no other account's. */
  const mayComeBy = (way: WayWithPassword, { kind, permissions }: FoundAccount): boolean =>
    kind === 'operator' ? isOffered(way, permissions) : way === 'password';

  /**
   * Throws SIGN_IN_FAILED, TOO_MANY_ATTEMPTS, SERVER_BUSY, LOGIN_WAY_NOT_OFFERED, PASSWORD_EXPIRED, ACCOUNT_DISABLED,
   * ACCOUNT_FROZEN. A try is counted before the dear part of it and given back unless it was a wrong guess.
   */
  return async function prove(
    { account: id, password }: { account: string; password: string },
    { address, cookie, device }: Pick<SignInPlace, 'address' | 'cookie' | 'device'>,
    way: WayWithPassword = 'password',
  ): Promise<PasswordProof> {
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
        if (found && count > freeTriesInAll) await accounts.noteGuessing(found.id, clock.now());
        throw refused(found?.id, { way, address, device }, new AppError('SIGN_IN_FAILED'));
      }
      const reason =
        reasonAgainst(found, clock.now()) ??
        (mayComeBy(way, found) ? undefined : new AppError('LOGIN_WAY_NOT_OFFERED', { way }));
      if (reason) throw refused(found.id, { way, address, device }, reason);
      await attempt.giveBack();
      const {
        passwordHash,
        passwordUntil: _passwordUntil,
        holder,
        kind: _kind,
        isDisabled: _isDisabled,
        frozen: _frozen,
        mobile: _mobile,
        ...account
      } = found;
      await raise(account.id, password, passwordHash);
      return {
        account,
        proof: { way: 'password', level: 'password', identity: holder, at: clock.now() },
        browser: browsers.issue(id, cookie),
      };
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'SIGN_IN_FAILED')) await attempt.giveBack();
      throw error;
    }
  };
}
/** Told to whoever knows the password, and to nobody else. */
function reasonAgainst(
  { isDisabled, frozen, passwordUntil }: FoundAccount,
  at: string,
): AppError | undefined {
  if (isDisabled) return new AppError('ACCOUNT_DISABLED');
  if (frozen) return new AppError('ACCOUNT_FROZEN', { reason: frozen.reason });
  if (passwordUntil !== undefined && passwordUntil <= at) return new AppError('PASSWORD_EXPIRED');
  return undefined;
}
export type PasswordLogin = ReturnType<typeof createPasswordLogin>;
