import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Captcha, CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { Clock, ServerKey } from '../../ports/surroundings.ts';
import { drawGlyphs } from './captcha-picture.ts';

const livesMs = 3 * 60_000;
const length = 4;
/** Without those that look alike. */
const letters = '2345678ACEFHKLMNPRTWXY';
/** About a second of a browser's time. */
const workBits = 14;

export interface CaptchaOptions {
  rows: Pick<AtomicRows, 'reserve'>;
  serverKey: Pick<ServerKey, 'mac'>;
  clock: Pick<Clock, 'nowMs'>;
}

/**
 * 验证码: a picture, or some work for whoever cannot read one. What it says follows from its id and the server's key, so that
 * nothing is kept before it is answered; an answer, right or wrong, uses it up.
 */
export function createCaptcha({ rows, serverKey, clock }: CaptchaOptions) {
  const saidBy = (id: string): string =>
    Array.from(
      serverKey.mac('captcha', id).subarray(0, length),
      (byte) => letters[byte % letters.length] ?? '',
    ).join('');
  const signed = (head: string): string =>
    Buffer.from(serverKey.mac('captcha-id', head)).toString('base64url').slice(0, 22);

  return {
    make(): Captcha {
      const head = `${clock.nowMs() + livesMs}.${randomBytes(16).toString('base64url')}`;
      const id = `${head}.${signed(head)}`;
      return { id, picture: drawGlyphs(saidBy(id), serverKey.mac('captcha-look', id)), workBits };
    },

    /** Throws CAPTCHA_EXPIRED for one that is none of ours, too old or answered before, CAPTCHA_WRONG. */
    async check(given: CaptchaAnswer): Promise<void> {
      const [until = '', chance = '', signature = ''] = given.id.split('.');
      const untilMs = Number(until);
      const isOurs = isSame(signature, signed(`${until}.${chance}`)) && untilMs > clock.nowMs();
      if (!isOurs || !(await rows.reserve(`captcha ${given.id}`, { nowMs: clock.nowMs(), untilMs })))
        throw new AppError('CAPTCHA_EXPIRED');
      const isRight =
        'work' in given ? isWorkDone(given) : isSame(given.answer.trim().toUpperCase(), saidBy(given.id));
      if (!isRight) throw new AppError('CAPTCHA_WRONG');
    },
  };
}
export type CaptchaCheck = ReturnType<typeof createCaptcha>;

function isWorkDone({ id, work }: { id: string; work: number }): boolean {
  const digest = createHash('sha256').update(`${id}:${work}`).digest();
  return digest.readUInt32BE(0) >>> (32 - workBits) === 0;
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
