import { randomBytes } from 'node:crypto';
import type { Proof } from '#domain/accounts/assurance.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import type { OpenidEntry } from '#domain/catalogue/openid-entry.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../../ports/atomic-rows.ts';
import type { OpenidAttempt, OpenidProvider, OpenidSubject } from '../../../ports/outside/openid-provider.ts';
import type { OwnAccount, OwnAccountRows } from '../../../ports/own-account-rows.ts';
import type { Clock, Log, ServerKey } from '../../../ports/surroundings.ts';
import { isAtHomeAt } from '../../portals/unit-at-portal.ts';
import type { AccountOfUnit } from '../../portals/unit-at-portal.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import { limitKeyOf } from '../limit-key.ts';
import type { Sessions } from '../sessions.ts';
import type { SignInLog } from '../sign-in-log.ts';
import { refuseHindered } from './phone-scan.ts';
import type { BrowserPlace } from './phone-scan.ts';

/** Somebody types a password at the provider meanwhile, or has the phone fetched. */
const attemptMs = 10 * 60_000;
/** Answers that were refused, of one address, before the next one waits. */
const freeRefused = 50;
const way = 'openid';

export interface OpenidLoginOptions {
  catalogue: Pick<Catalogue, 'programmes'>;
  providerOf: (programme: string, name: string) => OpenidProvider;
  rows: Pick<AtomicRows, 'reserve'>;
  ownAccounts: Pick<OwnAccountRows, 'ofPerson'>;
  accountOfUnit: AccountOfUnit;
  sessions: Pick<Sessions, 'open'>;
  attempts: Pick<AttemptLimit, 'take'>;
  signInLog: Pick<SignInLog, 'refused'>;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

/** Of a browser: `secret` stands in its cookie. */
interface Browser {
  secret: string;
  /** Of this server, as its pages have it. */
  origin: string;
}

/** 统一身份认证: the programme's provider says whose browser it is, by OpenID Connect. */
export function createOpenidLogin(options: OpenidLoginOptions) {
  const { catalogue, rows, ownAccounts, accountOfUnit, sessions, attempts, clock, log } = options;
  const macOf = (purpose: string, parts: readonly unknown[]): string =>
    Buffer.from(options.serverKey.mac(purpose, JSON.stringify(parts))).toString('base64url');
  const stateOf = (parts: readonly string[], { secret }: Browser): string =>
    [...parts.slice(1), macOf('openid-state', [...parts, secret])].join('.');

  /** Nothing is kept of an attempt: everything of it comes from its state and the browser's secret. */
  const attemptOf = (programme: string, state: string, { secret, origin }: Browser): OpenidAttempt => ({
    redirectUri: `${origin}/portal/${programme}/login/openid`,
    state,
    nonce: macOf('openid-nonce', [state, secret]),
    codeVerifier: macOf('openid-verifier', [state, secret]),
  });

  /** Throws NOT_FOUND where the programme has no such way in. */
  function entryOf(id: string): { entry: OpenidEntry; programme: LoadedProgramme } {
    const programme = catalogue.programmes.find((one) => one.id === id);
    if (!programme?.portal?.openid) throw new AppError('NOT_FOUND', { programme: id });
    return { entry: programme.portal.openid, programme };
  }

  /** Throws OPENID_ATTEMPT_INVALID for a state of another browser or programme, an old one, and one that came back before. */
  async function useState(
    programme: string,
    query: string,
    browser: Browser | undefined,
  ): Promise<OpenidAttempt> {
    const state = new URLSearchParams(query).get('state') ?? '';
    const [chance = '', issuedAt = ''] = state.split('.');
    if (!browser || state !== stateOf([programme, chance, issuedAt], browser))
      throw new AppError('OPENID_ATTEMPT_INVALID', { reason: 'not of this browser' });
    const [nowMs, untilMs] = [clock.nowMs(), Number(issuedAt) + attemptMs];
    if (untilMs <= nowMs) throw new AppError('OPENID_ATTEMPT_INVALID', { reason: 'too old' });
    if (!(await rows.reserve(`openid ${state}`, { nowMs, untilMs })))
      throw new AppError('OPENID_ATTEMPT_INVALID', { reason: 'used' });
    return attemptOf(programme, state, browser);
  }

  /** Throws OPENID_ACCOUNT_UNKNOWN, ACCOUNT_ELSEWHERE. */
  async function accountOf(id: string, { unit, person }: OpenidSubject): Promise<OwnAccount> {
    const { entry, programme } = entryOf(id);
    if (!unit) {
      const own = (await ownAccounts.ofPerson(person?.idNumber ?? '')).filter((account) =>
        isAtHomeAt(account, programme),
      );
      const account = own.find(({ hindrance }) => hindrance === undefined) ?? own[0];
      if (!account) throw new AppError('OPENID_ACCOUNT_UNKNOWN');
      return account;
    }
    const account = await accountOfUnit(unit, { programme, type: entry.accountType });
    if (!account) throw new AppError('OPENID_ACCOUNT_UNKNOWN');
    return account;
  }

  const proofOf = ({ unit, person }: OpenidSubject): Proof => ({
    ...{ way, level: 'two-factors', at: clock.now() },
    identity: unit
      ? { kind: 'organisation', scheme: 'credit-code', value: unit.creditCode, name: unit.name }
      : { kind: 'person', scheme: 'id-number', value: person?.idNumber ?? '', name: person?.name ?? '' },
  });

  async function open(
    account: OwnAccount,
    subject: OpenidSubject,
    { place, earlierToken }: { place: BrowserPlace; earlierToken: string | undefined },
  ): Promise<string> {
    try {
      refuseHindered(account);
      const opening = {
        account: account.id,
        way,
        assurance: [proofOf(subject)],
        place,
        earlierToken,
      } as const;
      return await sessions.open(opening);
    } catch (error) {
      if (error instanceof AppError)
        options.signInLog.refused({ account: account.id, way, code: error.code, ...place });
      throw error;
    }
  }

  return {
    /** A browser that has none yet is given a secret, which stays while the attempts of its other windows are under way. */
    makeSecret: (known: string | undefined): string => known ?? randomBytes(32).toString('base64url'),

    /** Where the browser goes. Throws NOT_FOUND, SERVICE_MISSING, SERVICE_UNREACHABLE. */
    begin(programme: string, browser: Browser): Promise<string> {
      const { entry } = entryOf(programme);
      const parts = [programme, randomBytes(32).toString('base64url'), String(clock.nowMs())];
      return options
        .providerOf(programme, entry.provider)
        .begin(attemptOf(programme, stateOf(parts, browser), browser));
    },

    /**
     * `query`: what the browser brought back. Throws OPENID_ATTEMPT_INVALID, what `OpenidProvider.finish` throws,
     * OPENID_ACCOUNT_UNKNOWN, ACCOUNT_ELSEWHERE, ACCOUNT_PENDING, ACCOUNT_FROZEN, ACCOUNT_DISABLED, TOO_MANY_ATTEMPTS.
     */
    async signIn(
      { programme, query }: { programme: string; query: string },
      from: { browser: Browser | undefined; place: BrowserPlace; earlierToken: string | undefined },
    ): Promise<{ token: string }> {
      const { entry } = entryOf(programme);
      const attempt = await attempts.take([
        { name: `openid from ${limitKeyOf(from.place.address)}`, free: freeRefused },
      ]);
      const begun = await useState(programme, query, from.browser);
      const provider = options.providerOf(programme, entry.provider);
      const subject = await provider.finish(begun, query);
      const account = await accountOf(programme, subject);
      const token = await open(account, subject, from);
      await attempt.giveBack();
      log.info({ account: account.id }, 'signed in by an identity provider');
      return { token };
    },
  };
}
export type OpenidLogin = ReturnType<typeof createOpenidLogin>;
