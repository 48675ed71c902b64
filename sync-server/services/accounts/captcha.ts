import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { captchaSchema } from '#domain/contracts/public/ca-login.ts';
import type { Captcha, CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { Clock, ServerKey } from '../../ports/surroundings.ts';
import { drawGlyphs } from './captcha-picture.ts';
import { speakGlyphs } from './captcha-sound.ts';
import type { Voice } from './captcha-sound.ts';

const livesMs = 3 * 60_000;
const length = 4;
/** Without those that look alike. */
export const captchaLetters = '2345678ACEFHKLMNPRTWXY';
/** Some tenths of a second of a browser's time, one derivation of the server's: 256 tries at the mean. */
const work = { algorithm: 'PBKDF2/SHA-256', cost: 1_000, keyPrefix: '00' } as const;

export interface CaptchaOptions {
  rows: Pick<AtomicRows, 'reserve'>;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Pick<Clock, 'nowMs'>;
  voice: Voice;
}

/**
 * 验证码: a picture, the same spoken, or some work (ALTCHA) for whoever can do with neither. What it says follows from its id and the server's key, so that
 * nothing is kept before it is answered; an answer, right or wrong, uses it up.
 */
export function createCaptcha({ rows, serverKey, clock, voice }: CaptchaOptions) {
  const saidBy = (id: string): string =>
    Array.from(
      serverKey.mac('captcha', id).subarray(0, length),
      (byte) => captchaLetters[byte % captchaLetters.length] ?? '',
    ).join('');
  const hmacSignatureSecret = Buffer.from(serverKey.mac('captcha-work', '')).toString('base64url');
  const signed = (head: string): string =>
    Buffer.from(serverKey.mac('captcha-id', head)).toString('base64url').slice(0, 22);
  /** Until when it is good; undefined for one that is none of ours, or too old. */
  const untilOf = (id: string): number | undefined => {
    const [until = '', chance = '', signature = ''] = id.split('.');
    const isOurs = isSame(signature, signed(`${until}.${chance}`)) && Number(until) > clock.nowMs();
    return isOurs ? Number(until) : undefined;
  };

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

    /** A WAV file. Throws CAPTCHA_EXPIRED. */
    speak(id: string): Uint8Array {
      if (untilOf(id) === undefined) throw new AppError('CAPTCHA_EXPIRED');
      return speakGlyphs(saidBy(id), voice, serverKey.mac('captcha-sound', id));
    },

    /** Throws CAPTCHA_EXPIRED for one that is none of ours, too old or answered before, CAPTCHA_WRONG. */
    async check(given: CaptchaAnswer): Promise<void> {
      const untilMs = untilOf(given.id);
      if (
        untilMs === undefined ||
        !(await rows.reserve(`captcha ${given.id}`, { nowMs: clock.nowMs(), untilMs }))
      )
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
