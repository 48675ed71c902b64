/** Whoever is refused a thousand times a second must not fill the disk with it: the first of a kind is told, the rest is counted. */
const everyMs = 60_000;
const maxOriginLength = 100;

export interface RefusalLog {
  refused: (details: { reason: string; origin: string }) => void;
  close: () => void;
}

export function createRefusalLog(
  tell: (message: string, context: Record<string, unknown>) => void,
): RefusalLog {
  const counted = new Map<string, { more: number; lastOrigin: string; timer: NodeJS.Timeout }>();

  function tellCount(reason: string): void {
    const entry = counted.get(reason);
    if (!entry) return;
    clearTimeout(entry.timer);
    counted.delete(reason);
    if (entry.more === 0) return;
    tell('refused more requests', { reason, count: entry.more, origin: entry.lastOrigin });
  }

  return {
    refused({ reason, origin }) {
      const lastOrigin = origin.slice(0, maxOriginLength);
      const entry = counted.get(reason);
      if (entry) {
        entry.more += 1;
        entry.lastOrigin = lastOrigin;
        return;
      }
      const timer = setTimeout(() => tellCount(reason), everyMs);
      timer.unref();
      counted.set(reason, { more: 0, lastOrigin, timer });
      tell('refused a request', { reason, origin: lastOrigin });
    },
    close() {
      for (const reason of [...counted.keys()]) tellCount(reason);
    },
  };
}
