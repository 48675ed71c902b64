import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';

/** Whose tries are counted together, and how many of them are free before waiting begins; left out: they are only counted. */
export interface AttemptKey {
  name: string;
  free?: number;
}

/** A try that was counted before anybody knew how it ends. */
export interface CountedAttempt {
  /** By key, with this one. */
  counts: ReadonlyMap<string, number>;
  /** It was no wrong guess: the counts are as if it had not been. Twice is fine. */
  giveBack(): Promise<void>;
}

const firstWaitMs = 30_000;
const maxWaitMs = 15 * 60_000;
const forgetMs = 60 * 60_000;

/** So many wait at a time for being slowed down. */
const maxSlowed = 100;
const firstDelayMs = 250;
const maxDelayMs = 5_000;

/** Slows down guessing, at all processes together. A try is counted before the work that it causes, and given back after. */
export function createAttemptLimit({
  rows,
  nowMs,
}: {
  rows: Pick<AtomicRows, 'increment' | 'decrement'>;
  nowMs: () => number;
}) {
  let slowed = 0;

  return {
    /** Throws TOO_MANY_ATTEMPTS (details.retryAfterMs); then none of the keys is counted. */
    async take(keys: readonly AttemptKey[]): Promise<CountedAttempt> {
      const counts = new Map<string, number>();
      const held = new Set<string>();
      const giveBack = async (): Promise<void> => {
        for (const name of held) {
          held.delete(name);
          await rows.decrement(name);
        }
      };
      for (const { name, free } of keys) {
        const answer = await rows.increment({
          name,
          nowMs: nowMs(),
          ...(free === undefined ? {} : { free }),
          firstWaitMs,
          maxWaitMs,
          forgetMs,
        });
        if ('retryAfterMs' in answer) {
          await giveBack();
          throw new AppError('TOO_MANY_ATTEMPTS', { retryAfterMs: answer.retryAfterMs });
        }
        held.add(name);
        counts.set(name, answer.count);
      }
      return { counts, giveBack };
    },

    /** Waits the longer the more tries beyond `free` there were, and never for long: nobody is locked out by others. */
    async slowDown(count: number, free: number): Promise<void> {
      if (count <= free) return;
      if (slowed >= maxSlowed) throw new AppError('TOO_MANY_ATTEMPTS', { retryAfterMs: maxDelayMs });
      slowed += 1;
      try {
        await pause(Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(10, count - free - 1)));
      } finally {
        slowed -= 1;
      }
    },
  };
}
export type AttemptLimit = ReturnType<typeof createAttemptLimit>;
