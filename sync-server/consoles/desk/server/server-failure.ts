import { RequestFailure } from '#ui/client/failure.ts';
import type { ShownError } from '#ui/client/failure.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { words } from '../locales/zh-CN.ts';

const standard = createErrorOf(words.trouble);

/** The table's words, but for the few that speak to a person at the desk. */
export function errorOf(error: unknown): ShownError {
  const shown = standard(error);
  if (!(error instanceof RequestFailure)) return shown;
  const { code, action, details } = error.wire;
  const own = words.trouble.atDesk[code];
  const fault = words.password.faults[String(details['fault'])];
  const isWait = shown.action !== action;
  return {
    ...shown,
    message: own?.message ?? shown.message,
    action: isWait ? shown.action : (fault ?? own?.action ?? action),
  };
}
