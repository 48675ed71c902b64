/** A public place is no archive: what is no longer needed leaves the disk, hourly and with each session that ends. */
import type { BlobStore, StationStore, SyncStore } from '../ports/store.ts';
import type { Batches } from '../services/capture/batches.ts';
import type { Jobs } from '../services/jobs.ts';
import type { Sessions } from '../services/login/session.ts';
import { housekeepStore, settledMs } from '../store/tidy-store.ts';
import type { Start } from './start.ts';

const hourMs = 3_600_000;

export interface Housekeeping {
  /** Work and half-done captures of a session that is over. */
  leaveNothing(): void;
  /** Now, and every hour until what was opened is closed. */
  start(): void;
  /** When the first of this subject's drafts will be deleted. */
  keptUntil(creditCode: string): string | undefined;
}

export function createHousekeeping(
  { options, profile, clock, opened }: Start,
  parts: {
    store: Pick<StationStore & SyncStore, 'purgeAccepted' | 'deleteAgedDrafts' | 'oldestDraft'>;
    blobs: BlobStore;
    sessions: () => Pick<Sessions, 'current'>;
    jobs: () => Pick<Jobs, 'isIdle' | 'endSession'>;
    batches: () => Pick<Batches, 'isIdle'>;
  },
): Housekeeping {
  const { store, blobs } = parts;
  let isClosing = false;
  let again: NodeJS.Timeout | undefined;

  function tidy(): void {
    if (isClosing) return;
    housekeepStore({
      store,
      blobs,
      keepDays: profile.keepDays,
      keepDraftsHours: profile.keepDraftsHours,
      atCounter: parts.sessions().current()?.subject.creditCode,
      isCapturing: !parts.jobs().isIdle() || !parts.batches().isIdle(),
      now: () => new Date(clock.now()),
    });
  }
  function tidyLoudly(): void {
    try {
      tidy();
    } catch (error) {
      options.logError(error, { in: 'tidying' });
    }
  }

  return {
    leaveNothing() {
      void parts.jobs().endSession().then(tidyLoudly);
      // and what was still too young to be judged
      clearTimeout(again);
      again = setTimeout(tidyLoudly, settledMs * 2);
      again.unref();
    },
    start() {
      tidy();
      const timer = setInterval(tidyLoudly, hourMs);
      opened.defer(() => {
        isClosing = true;
        clearInterval(timer);
        clearTimeout(again);
      });
    },
    keptUntil(creditCode) {
      const oldest = store.oldestDraft(creditCode);
      return oldest && new Date(Date.parse(oldest) + profile.keepDraftsHours * hourMs).toISOString();
    },
  };
}
