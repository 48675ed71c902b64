import { AppError } from '#domain/errors/app-error.ts';

export interface AttemptLimitOptions {
  nowMs: () => number;
  /** Wait after the first failure too many; doubles with each further one. */
  firstWaitMs: number;
  mostWaitMs: number;
}

/** Whose failures are counted together, and how many of them are free before waiting begins. */
export interface AttemptKey {
  name: string;
  free: number;
}

const mostKeys = 10_000;

/** Slows down guessing. Kept in memory: a restart forgives. */
export function createAttemptLimit({ nowMs, firstWaitMs, mostWaitMs }: AttemptLimitOptions) {
  const failures = new Map<string, { count: number; until: number }>();
  return {
    /** Throws TOO_MANY_ATTEMPTS (details.retryAfterMs). */
    check(keys: readonly AttemptKey[]): void {
      const waitMs = Math.max(0, ...keys.map(({ name }) => (failures.get(name)?.until ?? 0) - nowMs()));
      if (waitMs > 0) throw new AppError('TOO_MANY_ATTEMPTS', { retryAfterMs: waitMs });
    },
    failed(keys: readonly AttemptKey[]): void {
      for (const { name, free } of keys) {
        const count = (failures.get(name)?.count ?? 0) + 1;
        const waitMs = count < free ? 0 : Math.min(mostWaitMs, firstWaitMs * 2 ** (count - free));
        failures.delete(name);
        failures.set(name, { count, until: nowMs() + waitMs });
      }
      // the oldest go first: a flood of names must not fill the memory
      for (const key of failures.keys()) {
        if (failures.size <= mostKeys) break;
        failures.delete(key);
      }
    },
    succeeded(keys: readonly AttemptKey[]): void {
      for (const { name } of keys) failures.delete(name);
    },
  };
}
export type AttemptLimit = ReturnType<typeof createAttemptLimit>;
