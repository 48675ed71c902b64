import { RequestFailure, Unreachable } from '#ui/client/failure.ts';
import type { ShownError } from '#ui/client/failure.ts';
import { words } from '../locales/zh-CN.ts';

/** The table's words, but for the few that speak to a person at the counter. Unknown errors are also reported to the console. */
export function errorOf(error: unknown): ShownError {
  if (error instanceof Unreachable) return words.trouble.unreachable;
  if (error instanceof RequestFailure) {
    const { code, message, action, traceId, details } = error.wire;
    const own = words.trouble.atDesk[code];
    const wait = waitText(details['retryAfterMs']);
    const fault = words.password.faults[String(details['fault'])];
    return {
      code,
      message: own?.message ?? message,
      action: wait ?? fault ?? own?.action ?? action,
      traceId,
    };
  }
  console.error(error);
  return words.trouble.inPage;
}

function waitText(retryAfterMs: unknown): string | undefined {
  return typeof retryAfterMs === 'number' ? words.trouble.wait(Math.ceil(retryAfterMs / 1000)) : undefined;
}
