import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';
import type { CaptchaAnswer, CaptchaWork } from '#domain/contracts/public/ca-login.ts';

/** What the server takes in place of a picture code. Undefined where `controller` stopped it, or it took too long. */
export async function doWork(
  challenge: CaptchaWork,
  controller: AbortController,
): Promise<Extract<CaptchaAnswer, { work: unknown }>['work'] | undefined> {
  const solution = await solveChallenge({ challenge, deriveKey, controller });
  return solution ? { challenge, solution } : undefined;
}
