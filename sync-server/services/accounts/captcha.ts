import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { captchaSchema } from '#domain/contracts/public/ca-login.ts';
import type { Captcha, CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { Clock, ServerKey } from '../../ports/surroundings.ts';
import { drawGlyphs } from './captcha-picture.ts';

const livesMs = 3 * 60_000;
const length = 4;
/** Without those that look alike. */
const letters = '2345678ACEFHKLMNPRTWXY';
/** Some tenths of a second of a browser's time, one derivation of the server's: 256 tries at the mean. */
const work = { algorithm: 'PBKDF2/SHA-256', cost: 1_000, keyPrefix: '00' } as const;

export interface CaptchaOptions {
  rows: Pick<AtomicRows, 'reserve'>;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Pick<Clock, 'nowMs'>;
}

/**
 * 验证码: a picture, or some work (ALTCHA) for whoever cannot read one. What it says follows from its id and the server's key, so that
 * nothing is kept before it is answered; an answer, right or wrong, uses it up.
 */
export function createCaptcha({ rows, serverKey, clock }: CaptchaOptions) {
  const saidBy = (id: string): string =>
    Array.from(
      serverKey.mac('captcha', id).subarray(0, length),
      (byte) => letters[byte % letters.length] ?? '',
    ).join('');
  const hmacSignatureSecret = Buffer.from(serverKey.mac('captcha-work', '')).toString('base64url');
  const signed = (head: string): string =>
    Buffer.from(serverKey.mac('captcha-id', head)).toString('base64url').slice(0, 22);

  return {
    async make(): Promise<Captcha> {
      const untilMs = clock.nowMs() + livesMs;
      const head = `${untilMs}.${randomBytes(16).toString('base64url')}`;
      const id = `${head}.${signed(head)}`;
      const expiresAt = Math.ceil(untilMs / 1000);
      const challenge = await createChallenge({
        ...{ ...work, expiresAt, data: { id }, deriveKey, hmacSignatureSecret },
      });
      return captchaSchema.parse({
        ...{ id, picture: drawGlyphs(saidBy(id), serverKey.mac('captcha-look', id)) },
        work: challenge,
      });
    },

    /** Throws CAPTCHA_EXPIRED for one that is none of ours, too old or answered before, CAPTCHA_WRONG. */
    async check(given: CaptchaAnswer): Promise<void> {
      const [until = '', chance = '', signature = ''] = given.id.split('.');
      const untilMs = Number(until);
      const isOurs = isSame(signature, signed(`${until}.${chance}`)) && untilMs > clock.nowMs();
      if (!isOurs || !(await rows.reserve(`captcha ${given.id}`, { nowMs: clock.nowMs(), untilMs })))
        throw new AppError('CAPTCHA_EXPIRED');
      const isRight =
        'work' in given
          ? await isWorkDone(given)
          : isSame(given.answer.trim().toUpperCase(), saidBy(given.id));
      if (!isRight) throw new AppError('CAPTCHA_WRONG');
    },
  };

  /** Of this code: work that was done for another one is none. */
  async function isWorkDone({ id, work: done }: Extract<CaptchaAnswer, { work: unknown }>): Promise<boolean> {
    if (done.challenge.parameters.data.id !== id) return false;
    const { verified } = await verifySolution({ ...done, deriveKey, hmacSignatureSecret });
    return verified;
  }
}
export type CaptchaCheck = ReturnType<typeof createCaptcha>;

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
