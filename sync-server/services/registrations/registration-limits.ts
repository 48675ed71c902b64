/** How much a stranger may ask for: by address, by the unit that is asked about, and by the registration itself. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import { sha256 } from '../hashing.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import type { AttemptKey, AttemptLimit, CountedAttempt } from '../accounts/attempt-limit.ts';

/** Within an hour without a pause; an office behind one address registers several units. */
const free = {
  begun: 60,
  uploads: 240,
  askedOfAddress: 40,
  askedOfUnit: 12,
  askedOfDraft: 12,
} as const;

const betweenRemindersMs = 6 * 60 * 60_000;

export interface RegistrationLimitsOptions {
  attempts: Pick<AttemptLimit, 'take'>;
  rows: Pick<AtomicRows, 'increment' | 'decrement'>;
  nowMs: () => number;
}

export function createRegistrationLimits({ attempts, rows, nowMs }: RegistrationLimitsOptions) {
  /** In the words of what was tried: a sign-in it was not. */
  async function take(keys: readonly AttemptKey[], code: ErrorCode): Promise<CountedAttempt> {
    try {
      return await attempts.take(keys);
    } catch (error) {
      if (error instanceof AppError && error.code === 'TOO_MANY_ATTEMPTS')
        throw new AppError(code, error.details);
      throw error;
    }
  }
  const ofAddress = (what: string, address: string, count: number): AttemptKey => ({
    name: `registration ${what} ${limitKeyOf(address)}`,
    free: count,
  });

  return {
    begin: (address: string) => take([ofAddress('begun', address, free.begun)], 'REQUESTS_TOO_MANY'),
    upload: (address: string) => take([ofAddress('upload', address, free.uploads)], 'REQUESTS_TOO_MANY'),
    /**
     * Before the business register is asked; given back where all agrees. Counted by the unit as well: whoever has many addresses
     * guesses no faster what the register says of it.
     */
    askRegister: (asked: { address: string; unit: string; draft: string }) =>
      take(
        [
          ofAddress('register', asked.address, free.askedOfAddress),
          { name: `registration register-unit ${asked.unit}`, free: free.askedOfUnit },
          { name: `registration register-draft ${asked.draft}`, free: free.askedOfDraft },
        ],
        'REGISTER_ASKED_TOO_OFTEN',
      ),
    /** By the person reminded, whoever asks: nobody's phone is filled by strangers. Given back where nothing was sent. */
    async remind(idNumber: string): Promise<{ giveBack: () => Promise<void> }> {
      const name = `registration reminder ${sha256(idNumber)}`;
      const answer = await rows.increment({
        ...{ name, nowMs: nowMs(), free: 1 },
        ...{
          firstWaitMs: betweenRemindersMs,
          maxWaitMs: betweenRemindersMs,
          forgetMs: 4 * betweenRemindersMs,
        },
      });
      if ('retryAfterMs' in answer)
        throw new AppError('REMINDED_ALREADY', { retryAfterMs: answer.retryAfterMs });
      return { giveBack: () => rows.decrement(name) };
    },
  };
}
export type RegistrationLimits = ReturnType<typeof createRegistrationLimits>;
