import { chinaDay, dayMs } from '#domain/primitives.ts';
import type { LogCheck } from '#domain/contracts/desk/logs.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';

const everyMs = 60 * 60_000;

/** The whole log is looked at once a day, by one of the processes. */
export function createDailyCheck({
  atomic,
  check,
  clock,
  log,
}: {
  atomic: Pick<AtomicRows, 'reserve'>;
  check: () => Promise<LogCheck>;
  clock: Clock;
  log: Pick<Log, 'error'>;
}) {
  async function checkOnce(): Promise<void> {
    const nowMs = clock.nowMs();
    if (!(await atomic.reserve(`log-check ${chinaDay(nowMs)}`, { nowMs, untilMs: nowMs + 2 * dayMs })))
      return;
    const { findings } = await check();
    if (findings.length > 0) log.error({ findings }, '日志的校验链对不上，请用 ./ludeng verify-log 查看');
  }
  let running = Promise.resolve();
  const turn = (): void => {
    running = running
      .then(checkOnce)
      .catch((error: unknown) => log.error({ error }, 'the log could not be checked'));
  };
  turn();
  const timer = setInterval(turn, everyMs);
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await running;
    },
  };
}
