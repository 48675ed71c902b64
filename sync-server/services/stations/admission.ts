import type { StationSession } from './station-sessions.ts';

/** How long an item keeps its place while others wait for one. */
const silentMs = 20_000;
const minWaitMs = 300;
const spreadMs = 1_200;
/** An item that came in so lately is most likely moving. */
const movingMs = 2_000;

/**
 * Of all stations together. Were a province to come back at once after a week without a line, each item would take longer than
 * a station waits for an answer, and none would ever be done.
 */
const maxItemsUnderWay = 64;

/** Places for items that are being sent; an item that has one keeps it until its commit, or the end of its session. */
export function createAdmission(places = maxItemsUnderWay, nowMs: () => number = () => performance.now()) {
  const inside = new Map<string, { session: Pick<StationSession, 'check'>; since: number }>();

  function isOver({ session, since }: { session: Pick<StationSession, 'check'>; since: number }): boolean {
    if (nowMs() - since > silentMs) return true;
    try {
      session.check();
      return false;
    } catch {
      return true;
    }
  }

  return {
    /** False: full; the item shall come later. Again for the same item is fine. */
    enter(itemId: string, session: Pick<StationSession, 'check'>): boolean {
      if (!inside.has(itemId) && inside.size >= places)
        for (const [id, place] of inside) if (isOver(place)) inside.delete(id);
      if (!inside.has(itemId) && inside.size >= places) return false;
      inside.set(itemId, { session, since: nowMs() });
      return true;
    },
    leave(itemId: string): void {
      inside.delete(itemId);
    },
    /** Somebody is in the middle of handing an item over. */
    isBusy(): boolean {
      for (const { since } of inside.values()) if (nowMs() - since < movingMs) return true;
      return false;
    },
    /** Spread, so that those who were refused together do not come back together. */
    retryAfterMs: (): number => Math.round(minWaitMs + Math.random() * spreadMs),
  };
}
export type Admission = ReturnType<typeof createAdmission>;
