import { caLoginRoutes } from '#domain/contracts/public/ca-login.ts';
import type { CaptchaAnswer } from '#domain/contracts/public/ca-login.ts';
import { RequestFailure } from '#ui/client/failure.ts';
import { doWork } from './do-work.ts';
import { failureWords } from './failure-words.ts';
import { ask } from './server-client.ts';

/** 验证码 that nobody has to read: the computer's work in its place, done while the button is busy. Good once. */
export async function answerCaptcha(): Promise<CaptchaAnswer> {
  const { id, work: challenge } = await ask(caLoginRoutes.makeCaptcha);
  const work = await doWork(challenge, new AbortController());
  if (work) return { id, work };
  throw new RequestFailure({
    ...{ code: 'CAPTCHA_EXPIRED', ...failureWords.workFailed, retry: 'later', details: {}, traceId: '' },
  });
}
