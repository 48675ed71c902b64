import { AppError } from '#domain/errors/app-error.ts';

export interface AttemptLimitOptions {
  nowMs: () => number;
  /** Free failures before waiting begins. */
  free: number;
  /** Wait after the first failure too many; doubles with each further one. */
  firstWaitMs: number;
  mostWaitMs: number;
}

const mostKeys = 10_000;

/** Slows down guessing, by account and by address. Kept in memory: a restart forgives. */
export function createAttemptLimit({ nowMs, free, firstWaitMs, mostWaitMs }: AttemptLimitOptions) {
  const failures = new Map<string, { count: number; until: number }>();
  return {
    /** Throws TOO_MANY_ATTEMPTS (details.retryAfterMs). */
    check(keys: readonly string[]): void {
      const waitMs = Math.max(0, ...keys.map((key) => (failures.get(key)?.until ?? 0) - nowMs()));
      if (waitMs > 0) throw new AppError('TOO_MANY_ATTEMPTS', { retryAfterMs: waitMs });
    },
    failed(keys: readonly string[]): void {
      for (const key of keys) {
        const count = (failures.get(key)?.count ?? 0) + 1;
        const waitMs = count < free ? 0 : Math.min(mostWaitMs, firstWaitMs * 2 ** (count - free));
        failures.delete(key);
        failures.set(key, { count, until: nowMs() + waitMs });
      }
      // the oldest go first: a flood of names must not fill the memory
      for (const key of failures.keys()) {
        if (failures.size <= mostKeys) break;
        failures.delete(key);
      }
    },
    succeeded(keys: readonly string[]): void {
      for (const key of keys) failures.delete(key);
    },
  };
}
export type AttemptLimit = ReturnType<typeof createAttemptLimit>;
