import { randomBytes } from 'node:crypto';
import type { BrowserChallenge, CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import type { AtomicRows } from '../../../ports/atomic-rows.ts';
import type { KeyCertificate, KeyProofVerifier } from '../../../ports/key-proof-verifier.ts';
import type { OwnAccount, OwnAccountRows } from '../../../ports/own-account-rows.ts';
import type { Clock, Log, ServerKey } from '../../../ports/surroundings.ts';
import type { AttemptLimit } from '../attempt-limit.ts';
import type { CaptchaCheck } from '../captcha.ts';
import { limitKeyOf } from '../limit-key.ts';
import type { OwnSystems } from '../own-systems.ts';
import type { Subject } from '#domain/primitives.ts';
import type { Sessions } from '../sessions.ts';
import type { SignInLog } from '../sign-in-log.ts';
import { accountOfKey } from './key-account.ts';
import { refuseHindered } from './phone-scan.ts';
import type { BrowserPlace } from './phone-scan.ts';

/** A person looks for the key and its password meanwhile. */
const challengeMs = 2 * 60_000;
/** Proofs and picture codes that were refused, of one address, before the next one waits. */
const freeRefused = 50;

export interface UkeyLoginOptions {
  captcha: CaptchaCheck;
  proofs: Pick<KeyProofVerifier, 'verify'>;
  rows: Pick<AtomicRows, 'reserve'>;
  ownAccounts: Pick<OwnAccountRows, 'ofKey'>;
  systems: Pick<OwnSystems, 'destinationOf'>;
  sessions: Pick<Sessions, 'open'>;
  attempts: Pick<AttemptLimit, 'take'>;
  signInLog: Pick<SignInLog, 'refused'>;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Clock;
  log: Pick<Log, 'info'>;
}

/** Whose key signed at the door of this server, and when. */
export interface ProvedAtDoor {
  subject: Subject;
  certificate: KeyCertificate;
  at: string;
}
interface Signed {
  challenge: BrowserChallenge;
  proof: KeyProof;
}
interface Door {
  browser: string | undefined;
  origin: string;
  place: BrowserPlace;
}

/** CA登录: the unit's key signs a challenge that this browser was given, and its certificate says whose it is. */
export function createUkeyLogin(options: UkeyLoginOptions) {
  const { captcha, proofs, rows, ownAccounts, systems, sessions, attempts, clock, log } = options;
  /** Nothing is kept of a challenge: its nonce says which browser it was made for and when. */
  const nonceOf = (chance: string, browser: string, issuedAt: string): string =>
    `${chance}.${Buffer.from(options.serverKey.mac('ca-challenge', JSON.stringify([chance, browser, issuedAt]))).toString('base64url')}`;

  async function refuseStranger(challenge: BrowserChallenge, browser: string | undefined): Promise<void> {
    const [chance = ''] = challenge.nonce.split('.');
    const { sessionId, issuedAt, nonce } = challenge;
    const isOurs =
      browser !== undefined && sessionId === browser && nonce === nonceOf(chance, browser, issuedAt);
    if (!isOurs) throw new AppError('CHALLENGE_INVALID', { reason: 'not of this browser' });
    const untilMs = Date.parse(issuedAt) + challengeMs;
    if (!(await rows.reserve(`ca-challenge ${nonce}`, { nowMs: clock.nowMs(), untilMs })))
      throw new AppError('CHALLENGE_INVALID', { reason: 'used' });
  }

  /** Of those that the key opens the first that may be used; else why not. */
  function pick(found: readonly OwnAccount[]): OwnAccount {
    const account = accountOfKey(found);
    if (!account) throw new AppError('UNIT_NOT_REGISTERED');
    return account;
  }

  async function limited<T>(address: string, work: () => Promise<T>): Promise<T> {
    const attempt = await attempts.take([
      { name: `ca-login from ${limitKeyOf(address)}`, free: freeRefused },
    ]);
    const answer = await work();
    await attempt.giveBack();
    return answer;
  }

  /**
   * What a key that signed proves goes to `enter`; what is thrown there counts against the address as well. `origin`: of this
   * server, as its pages have it. Throws CHALLENGE_INVALID, what stands against the certificate, TOO_MANY_ATTEMPTS.
   */
  const prove = <T>(
    { challenge, proof }: Signed,
    from: Door,
    enter: (proved: ProvedAtDoor) => Promise<T>,
  ): Promise<T> =>
    limited(from.place.address, async () => {
      await refuseStranger(challenge, from.browser);
      const at = clock.now();
      const { subject, serialNumber, issuerName, notBefore, notAfter } = proofs.verify(proof, {
        ...{ agreesTo: 'browser-login', at },
        challenge: { ...challenge, origin: from.origin },
      });
      const certificate = {
        ...{ serial: serialNumber.toUpperCase(), holderName: subject.name, issuer: issuerName },
        ...{ validFrom: notBefore, validUntil: notAfter },
      };
      return enter({ subject, certificate, at });
    });

  return {
    makeCaptcha: () => captcha.make(),
    soundOfCaptcha: (id: string): Uint8Array => captcha.speak(id),
    /** `browser` for its cookie. Throws what `CaptchaCheck.check` throws, TOO_MANY_ATTEMPTS. */
    challenge: (
      answer: CaptchaAnswer,
      address: string,
    ): Promise<{ challenge: BrowserChallenge; browser: string }> =>
      limited(address, async () => {
        await captcha.check(answer);
        const [chance, browser, issuedAt] = [randomToken(), randomToken(), clock.now()];
        return {
          challenge: { nonce: nonceOf(chance, browser, issuedAt), sessionId: browser, issuedAt },
          browser,
        };
      }),

    prove,

    /**
     * Throws what `prove` throws, UNIT_NOT_REGISTERED, ACCOUNT_PENDING, ACCOUNT_FROZEN, ACCOUNT_DISABLED,
     * SYSTEM_NOT_GRANTED.
     */
    signIn: (
      signed: Signed,
      from: Door & { earlierToken: string | undefined },
    ): Promise<{ token: string; destination: string }> =>
      prove(signed, from, async ({ subject, certificate, at }) => {
        const { name, creditCode: value } = subject;
        const account = pick(
          await ownAccounts.ofKey({ creditCode: value, serialNumber: certificate.serial }),
        );
        try {
          refuseHindered(account);
          const { path } = systems.destinationOf(account);
          const identity = { kind: 'organisation', scheme: 'credit-code', value, name } as const;
          const token = await sessions.open({
            ...{ account: account.id, way: 'ukey' },
            assurance: [{ way: 'ukey', level: 'signed', identity, at }],
            ...{ place: from.place, earlierToken: from.earlierToken },
          });
          log.info({ account: account.id }, 'signed in by a key');
          return { token, destination: path };
        } catch (error) {
          if (error instanceof AppError)
            options.signInLog.refused({
              ...{ account: account.id, way: 'ukey', code: error.code },
              ...from.place,
            });
          throw error;
        }
      }),
  };
}
export type UkeyLogin = ReturnType<typeof createUkeyLogin>;

const randomToken = (): string => randomBytes(32).toString('base64url');
