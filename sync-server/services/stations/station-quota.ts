import { dayMs } from '#domain/primitives.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Clock } from '../../ports/surroundings.ts';

/** A station asks again so much later at the latest: an administrator may have raised the limit. */
const maxWaitMs = 60 * 60_000;

export interface StationQuotaOptions {
  bytesPerDay: number;
  clock: Pick<Clock, 'nowMs'>;
  /** Once a day for a station, when it is refused for the first time. */
  onExceeded: (stationId: string, bytesPerDay: number) => void;
}

/**
 * What one station may send in a day (UTC), whatever becomes of it: pages, unfinished ones, the same again. Counted in this
 * process, so that a flood is stopped without a question to the database.
 */
export function createStationQuota({ bytesPerDay, clock, onExceeded }: StationQuotaOptions) {
  let day = -1;
  const taken = new Map<string, number>();
  const told = new Set<string>();

  function today(stationId: string): number {
    const now = Math.floor(clock.nowMs() / dayMs);
    if (now !== day) {
      day = now;
      taken.clear();
      told.clear();
    }
    return taken.get(stationId) ?? 0;
  }
  return {
    /** Throws QUOTA_EXCEEDED (details.retryAfterMs) where so many more would be too many. */
    check(stationId: string, bytes: number): void {
      if (today(stationId) + bytes <= bytesPerDay) return;
      if (!told.has(stationId)) {
        told.add(stationId);
        onExceeded(stationId, bytesPerDay);
      }
      const untilMs = (day + 1) * dayMs - clock.nowMs();
      throw new AppError('QUOTA_EXCEEDED', { retryAfterMs: Math.min(maxWaitMs, untilMs), bytesPerDay });
    },
    take(stationId: string, bytes: number): void {
      taken.set(stationId, today(stationId) + bytes);
    },
  };
}
export type StationQuota = ReturnType<typeof createStationQuota>;
