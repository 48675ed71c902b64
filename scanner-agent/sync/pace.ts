import { setTimeout as pause } from 'node:timers/promises';
import { isQuiet } from '#domain/sync/fleet.ts';
import type { StationSettings } from '#domain/sync/fleet.ts';
import { ConnectionLost } from './connection-socket.ts';

/** The quiet hours have begun, and what is being sent is large. */
export class QuietNow extends Error {
  override readonly name = 'QuietNow';
}

/** Of one item's upload. */
export interface Pace {
  /** A piece no larger keeps a slow line even. */
  maxBytes(): number;
  /** Waits until so many bytes may go. Throws QuietNow, ConnectionLost when the session ends meanwhile. */
  before(bytes: number): Promise<void>;
}

export interface LinePace {
  isQuiet(): boolean;
  of(upload: { isLarge: boolean; signal: AbortSignal }): Pace;
}

/** No wait is longer, so that changed settings and the quiet hours are noticed. */
const maxWaitMs = 1_000;
const minPieceBytes = 16 * 1024;
/** Pieces of about so much of the line's allowance. */
const pieceSeconds = 2;

/** Keeps to the station's settings as they are at each moment. Waits in monotonic time. */
export function createPace(options: {
  settings: () => StationSettings | undefined;
  now: () => Date;
}): LinePace {
  const { settings, now } = options;
  /** When what was sent so far will have been paid for, by the monotonic clock. */
  let paidAt = 0;
  const bytesPerMs = (): number => {
    const kbps = settings()?.bandwidthKbps;
    return kbps === undefined ? Infinity : kbps / 8;
  };
  const quiet = (): boolean => isQuiet(settings()?.quietHours, now().getTime());

  return {
    isQuiet: quiet,
    of: ({ isLarge, signal }) => ({
      maxBytes: () => Math.max(minPieceBytes, Math.floor(bytesPerMs() * 1000 * pieceSeconds)),
      async before(bytes) {
        for (;;) {
          if (signal.aborted) throw new ConnectionLost('closed by this side');
          if (isLarge && quiet()) throw new QuietNow();
          const waitMs = paidAt - performance.now();
          if (waitMs <= 0 || bytesPerMs() === Infinity) break;
          await pause(Math.min(waitMs, maxWaitMs), undefined, { signal }).catch(() => undefined);
        }
        paidAt = Math.max(paidAt, performance.now()) + bytes / bytesPerMs();
      },
    }),
  };
}
