/** Signs the newest line of the log now and then, and tells whoever keeps it elsewhere: what is signed cannot be rewritten unseen. */
import { logHeadText } from '#domain/accounts/log-lines.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { Clock, Log, ServerKey } from '../../ports/surroundings.ts';

/** At least hourly, also where one turn fails. */
const everyMs = 25 * 60_000;

export function createSignLogHeads({
  rows,
  serverKey,
  clock,
  log,
}: {
  rows: Pick<LogRows, 'head' | 'addSigned' | 'lastSigned'>;
  serverKey: Pick<ServerKey, 'sign'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'error'>;
}) {
  const listeners = new Set<(head: LogHead) => void>();

  async function sign(): Promise<LogHead | undefined> {
    const head = await rows.head();
    const last = await rows.lastSigned();
    if (!head) return undefined;
    if (last && last.number >= head.number) return last;
    const unsigned = { ...head, at: clock.now() };
    const signed = { ...unsigned, signature: serverKey.sign(logHeadText(unsigned)) };
    await rows.addSigned(signed);
    for (const listener of listeners) listener(signed);
    return signed;
  }
  let running: Promise<unknown> = Promise.resolve();
  /** The newest head, signed, after the turn that is under way; undefined where there is no line yet. Another process may have signed it. */
  function signNow(): Promise<LogHead | undefined> {
    const mine = running.then(sign);
    running = mine.catch((error: unknown) => log.error({ error }, 'head of the log not signed'));
    return mine;
  }
  const turn = (): void => void signNow().catch(() => undefined);
  turn();
  const timer = setInterval(turn, everyMs);
  return {
    signNow,
    last: () => rows.lastSigned(),
    /** Hears of every head that is signed here. */
    onSigned: (listener: (head: LogHead) => void): void => void listeners.add(listener),
    /** Signs once more: after the last line, before the store closes. */
    stop: async (): Promise<void> => {
      clearInterval(timer);
      turn();
      await running;
    },
  };
}
