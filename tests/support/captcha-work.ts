import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Captcha } from '#domain/contracts/public/ca-login.ts';

/** What the browser of somebody who cannot read pictures finds. */
export async function workFor({ work: challenge }: Pick<Captcha, 'work'>) {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('no solution');
  return { challenge, solution };
}
