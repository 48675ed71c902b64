import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '#domain/errors/app-error.ts';
import type { SigningTokens, Token } from '../../ports/signing-token.ts';
import type { DriverTokens, TokenDriverHealth } from './driver-tokens.ts';

export interface CombinedTokens extends SigningTokens {
  /** One line a driver, as of the last call; waits for nothing. */
  health(): TokenDriverHealth[];
}

/** Once one driver has shown a token, the others get this long to show theirs. */
const defaultGraceMs = 3_000;

/**
 * Many drivers as one. A driver that hangs must not keep the token from a person whose own driver works: it is left
 * behind after `graceMs`, and later lists join its unfinished call instead of starting another. Where nobody shows a
 * token, all are waited for, and the first failure is the reason.
 */
export function combineTokens(
  drivers: readonly DriverTokens[],
  { graceMs = defaultGraceMs }: { graceMs?: number } = {},
): CombinedTokens {
  const late = new Map<string, Promise<Token[]>>();

  function leaveBehind({ driverId }: DriverTokens, call: Promise<Token[]>): void {
    if (late.get(driverId) === call) return;
    late.set(driverId, call);
    const forget = (): void => {
      if (late.get(driverId) === call) late.delete(driverId);
    };
    call.then(forget, forget);
  }

  function ownerOf(tokenId: string): DriverTokens {
    const owner = drivers.find(({ driverId }) => tokenId.startsWith(`${driverId}:`));
    if (!owner?.isInstalled()) throw new AppError('TOKEN_MISSING', { reason: 'driver-not-installed' });
    return owner;
  }

  return {
    async list({ signal, timeoutMs }) {
      const installed = drivers.filter((driver) => driver.isInstalled());
      if (installed.length === 0) {
        throw new AppError('DRIVER_MISSING', { searched: drivers.map(({ driverId }) => driverId) });
      }
      const answers = new Map<DriverTokens, Token[] | Error>();
      const calls = installed.map((driver) => ({
        driver,
        call: late.get(driver.driverId) ?? driver.list({ signal, timeoutMs }),
      }));
      const answered = calls.map(async ({ driver, call }) => {
        const answer = await call.catch((error: unknown) => error as Error);
        answers.set(driver, answer);
        return !(answer instanceof Error) && answer.length > 0;
      });

      const waiting = new AbortController();
      const enough = async (): Promise<void> => {
        await someTrue(answered);
        await pause(graceMs, undefined, { signal: waiting.signal });
      };
      try {
        await Promise.race([
          Promise.all(answered),
          enough(),
          // a call that was joined has the time limit of whoever began it
          pause(timeoutMs, undefined, { signal: AbortSignal.any([waiting.signal, signal]) }),
        ]).catch((error: unknown) => {
          signal.throwIfAborted();
          throw error;
        });
      } finally {
        waiting.abort();
      }

      for (const { driver, call } of calls) if (!answers.has(driver)) leaveBehind(driver, call);
      const found = [...answers.values()];
      // in the order of the table, not of the answers
      const tokens = installed.flatMap((driver) => {
        const answer = answers.get(driver);
        return answer === undefined || answer instanceof Error ? [] : answer;
      });
      if (tokens.length > 0) return tokens;
      const failed = found.find((answer) => answer instanceof Error);
      if (failed) throw failed;
      const silent = calls.find(({ driver }) => !answers.has(driver));
      if (silent) throw new AppError('DEVICE_TIMEOUT', { driver: silent.driver.driverId });
      return [];
    },

    sign: async (request) => ownerOf(request.tokenId).sign(request),
    changePin: async (request) => ownerOf(request.tokenId).changePin(request),

    health: () =>
      drivers.map((driver) => {
        const health = driver.health();
        if (!late.has(driver.driverId)) return health;
        return { ...health, state: 'fault', errorCode: 'DEVICE_TIMEOUT' };
      }),

    async close() {
      await Promise.all(drivers.map((driver) => driver.close()));
    },
  };
}

/** Resolves with the first `true`, and never where there is none. */
function someTrue(promises: readonly Promise<boolean>[]): Promise<void> {
  return new Promise((resolve) => {
    for (const promise of promises) {
      void promise.then((isTrue) => {
        if (isTrue) resolve();
      });
    }
  });
}
