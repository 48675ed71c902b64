import { RequestFailure, Unreachable } from './failure.ts';
import type { ShownError } from './failure.ts';

type Said = Pick<ShownError, 'message' | 'action'>;

/** What a page says of failures beside the error table. */
export interface FailureWords {
  unreachable: Said;
  inPage: Said;
  wait: (seconds: number) => string;
}

/** The table's words for what was refused, with the time to wait where there is one. */
export const createErrorOf =
  (words: FailureWords) =>
  (error: unknown): ShownError => {
    if (error instanceof Unreachable) return words.unreachable;
    if (!(error instanceof RequestFailure)) return words.inPage;
    const { code, message, action, traceId, details } = error.wire;
    const { retryAfterMs } = details;
    const wait = typeof retryAfterMs === 'number' ? words.wait(Math.ceil(retryAfterMs / 1000)) : undefined;
    return { code, message, action: wait ?? action, traceId };
  };
