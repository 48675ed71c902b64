import type { Log } from '../../ports/surroundings.ts';

const everyMs = 60 * 60_000;

/** Removes drafts that nobody touched until their day: now, and every hour. `what`: as the log calls them. */
export function createDropExpired({
  what,
  drafts,
  log,
}: {
  what: string;
  /** Drops some of them, and says how many; none where none is left. */
  drafts: { dropExpired(): Promise<number> };
  log: Log;
}) {
  let isStopped = false;
  async function dropAll(): Promise<void> {
    let total = 0;
    for (;;) {
      const dropped = isStopped ? 0 : await drafts.dropExpired();
      if (dropped === 0) break;
      total += dropped;
    }
    if (total > 0) log.info({ what, count: total }, 'drafts that ran out removed');
  }
  let running = Promise.resolve();
  const start = (): void => {
    running = running
      .then(dropAll)
      .catch((error: unknown) => log.error({ error, what }, 'drafts not removed'));
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
