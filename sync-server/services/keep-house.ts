import { dayMs } from '#domain/primitives.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Clock, Log } from '../ports/surroundings.ts';

export interface KeepHouseOptions {
  blobs: Pick<BlobStore, 'sweep'>;
  /** Both take an ISO instant; what is older goes. Any process may do it, several at once too. */
  dropUploads: (before: string) => Promise<void>;
  dropOvertaken: (before: string) => Promise<number>;
  /** Limits whose time is over. */
  forgetLimits: (nowMs: number) => Promise<void>;
  /** Some of the 查验码 that stations were not told; false: all are told. */
  tellCodes: () => Promise<boolean>;
  keepUploadsDays: number;
  keepChangesDays: number;
  clock: Clock;
  log: Log;
}

const everyMs = 60 * 60_000;

/** Removes what nobody will ask for again, and tells stations what an earlier version did not: now, and every hour. */
export function createKeepHouse(options: KeepHouseOptions) {
  const { blobs, dropUploads, dropOvertaken, forgetLimits, tellCodes } = options;
  const { keepUploadsDays, keepChangesDays, clock, log } = options;
  let isStopped = false;

  async function clean(): Promise<void> {
    const uploadsBefore = clock.nowMs() - keepUploadsDays * dayMs;
    const uploads = await blobs.sweep(uploadsBefore);
    await forgetLimits(clock.nowMs());
    await dropUploads(new Date(uploadsBefore).toISOString());
    const changes = await dropOvertaken(new Date(clock.nowMs() - keepChangesDays * dayMs).toISOString());
    if (uploads + changes > 0) log.info({ uploads, changes }, 'old things removed');
  }
  async function tell(): Promise<void> {
    while (!isStopped && (await tellCodes()));
  }
  let running = Promise.resolve();
  const start = (): void => {
    running = running
      .then(tell)
      .catch((error: unknown) => log.error({ error }, 'codes not told'))
      .then(clean)
      .catch((error: unknown) => log.error({ error }, 'cleaning failed'));
  };
  start();
  const timer = setInterval(start, everyMs);
  return {
    /** Ends after what is being removed. */
    stop: async (): Promise<void> => {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
