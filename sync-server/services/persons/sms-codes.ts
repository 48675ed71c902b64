import { randomInt, randomUUID, timingSafeEqual } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { SmsSender } from '../../ports/outside/sms.ts';
import type { CodeRows } from '../../ports/person-rows.ts';
import type { Clock, Log, ServerKey } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';

export const codeMs = 5 * 60_000;
export const resendMs = 60_000;

/** Before the next one waits. A hall or a building site shares one address. */
const freeMessages = { mobile: 5, address: 60 } as const;
const freeGuesses = { mobileAndAddress: 5, address: 100 } as const;
/** Of one code, from wherever: it is good no more afterwards. */
const triesOfCode = 5;

export type CodePurpose = 'sign-in' | 'operator-sign-in' | 'registration' | 'password' | 'erasure';
/** Where it is asked for: an address of the caller, and the number. */
export interface CodeFor {
  purpose: CodePurpose;
  mobile: string;
  address: string;
}

export interface SmsCodesOptions {
  rows: CodeRows;
  atomic: Pick<AtomicRows, 'increment' | 'decrement' | 'reserve' | 'consume'>;
  attempts: Pick<AttemptLimit, 'take'>;
  sms: SmsSender;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Pick<Clock, 'nowMs'>;
  log: Pick<Log, 'info'>;
}

/** Six digits for five minutes: the newest alone is good, and once. What was not sent does not count and replaces nothing. */
export function createSmsCodes({ rows, atomic, attempts, sms, serverKey, clock, log }: SmsCodesOptions) {
  const mac = (text: string): string => Buffer.from(serverKey.mac('sms-code', text)).toString('hex');
  /** Stands in the names of limits and rows instead of the number. */
  const targetOf = ({ purpose, mobile }: CodeFor): string => mac(`${purpose} ${mobile}`);
  const guessesOf = (wanted: CodeFor) => {
    const from = limitKeyOf(wanted.address);
    const here = { name: `sms-guess ${targetOf(wanted)} from ${from}`, free: freeGuesses.mobileAndAddress };
    return [here, { name: `sms-guess from ${from}`, free: freeGuesses.address }];
  };

  /** Throws TOO_MANY_ATTEMPTS while guesses from there have to wait. */
  async function refuseWhileGuessing(wanted: CodeFor): Promise<void> {
    await (await attempts.take(guessesOf(wanted))).giveBack();
  }

  async function carry(wanted: CodeFor, text: string): Promise<void> {
    await refuseWhileGuessing(wanted);
    const attempt = await attempts.take([
      { name: `sms to ${targetOf(wanted)}`, free: freeMessages.mobile },
      { name: `sms from ${limitKeyOf(wanted.address)}`, free: freeMessages.address },
    ]);
    try {
      await sms.send({ mobile: wanted.mobile, text });
    } catch (error) {
      await attempt.giveBack();
      throw error;
    }
  }

  return {
    /**
     * `isSilent`: nobody is written to, and the answer is the same. Throws SMS_TOO_SOON, TOO_MANY_ATTEMPTS, SERVICE_MISSING,
     * SERVICE_UNREACHABLE; the code of before is good then as it was.
     */
    async send(
      wanted: CodeFor,
      { textOf, isSilent = false }: { textOf: (code: string) => string; isSilent?: boolean },
    ): Promise<{ resendAfterMs: number; expiresAfterMs: number }> {
      const target = targetOf(wanted);
      const hold = `sms-hold ${target}`;
      const waits = { firstWaitMs: resendMs, maxWaitMs: resendMs, forgetMs: resendMs };
      const held = await atomic.increment({ name: hold, nowMs: clock.nowMs(), free: 1, ...waits });
      if ('retryAfterMs' in held) throw new AppError('SMS_TOO_SOON', { retryAfterMs: held.retryAfterMs });
      const answer = { resendAfterMs: resendMs, expiresAfterMs: codeMs };
      if (isSilent) return answer;
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      try {
        await carry(wanted, textOf(code));
      } catch (error) {
        await atomic.decrement(hold);
        throw error;
      }
      const [id, nowMs] = [randomUUID(), clock.nowMs()];
      await atomic.reserve(`sms-code ${id}`, { nowMs, untilMs: nowMs + codeMs });
      await rows.keep({ target, id, codeSha: mac(`${target} ${code}`), expiresAtMs: nowMs + codeMs });
      log.info({ purpose: wanted.purpose }, 'code sent');
      return answer;
    },

    /** Uses it up. Throws SMS_CODE_WRONG, whatever is wrong with it, and TOO_MANY_ATTEMPTS. */
    async use(wanted: CodeFor, code: string): Promise<void> {
      const target = targetOf(wanted);
      const nowMs = clock.nowMs();
      const found = await rows.find(target, nowMs);
      const ofCode = found ? `sms-guess of ${found.id}` : '';
      const attempt = await attempts.take([...guessesOf(wanted), ...(found ? [{ name: ofCode }] : [])]);
      const isRight = isSame(mac(`${target} ${code}`), found?.codeSha ?? mac(target));
      const isSpent = (attempt.counts.get(ofCode) ?? 0) > triesOfCode;
      if (!found || !isRight || isSpent) throw new AppError('SMS_CODE_WRONG');
      if (!(await atomic.consume(`sms-code ${found.id}`, { holder: randomUUID(), nowMs })))
        throw new AppError('SMS_CODE_WRONG');
      await attempt.giveBack();
    },
  };
}
export type SmsCodes = ReturnType<typeof createSmsCodes>;

const isSame = (left: string, right: string): boolean =>
  timingSafeEqual(Buffer.from(left), Buffer.from(right));
