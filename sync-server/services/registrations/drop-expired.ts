import type { Log } from '../../ports/surroundings.ts';
import type { Registrations } from './registrations.ts';

const everyMs = 60 * 60_000;

/** Removes registrations that nobody touched until their day: now, and every hour. */
export function createDropExpired({
  registrations,
  log,
}: {
  registrations: Pick<Registrations, 'dropExpired'>;
  log: Log;
}) {
  let isStopped = false;
  async function dropAll(): Promise<void> {
    let total = 0;
    for (;;) {
      const dropped = isStopped ? 0 : await registrations.dropExpired();
      if (dropped === 0) break;
      total += dropped;
    }
    if (total > 0) log.info({ registrations: total }, 'registrations that ran out removed');
  }
  let running = Promise.resolve();
  const start = (): void => {
    running = running
      .then(dropAll)
      .catch((error: unknown) => log.error({ error }, 'registrations not removed'));
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
