import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import type { MobileCheck } from '../ports/mobile-check.ts';

const answerSchema = z.object({ matches: z.boolean() });

/** A service that takes `POST <url>` with `{ name, mobile }` and answers `{ matches }`. */
export function createHttpMobileCheck({
  url,
  token,
  timeoutMs,
}: {
  url: string;
  token: string | undefined;
  timeoutMs: number;
}): MobileCheck {
  return {
    async matches({ name, mobile }) {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            'content-type': 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify({ name, mobile }),
        });
        if (!answer.ok) throw new Error(`the service answered ${answer.status}`);
        return answerSchema.parse(await answer.json()).matches;
      } catch (error) {
        throw new AppError('SERVICE_UNREACHABLE', { service: '手机二要素校验' }, { cause: error });
      }
    },
  };
}
