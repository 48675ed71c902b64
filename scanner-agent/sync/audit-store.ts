import type { SyncStore } from '../ports/store.ts';
import { ConnectionLost } from './connection-socket.ts';
import type { LinkLog } from './link-log.ts';
import type { Session } from './open-session.ts';

/** So many that the server answers well before the line counts as silent. */
const itemsAtOnce = 20;

/** When the station is to compare itself with the server; outlives sessions. */
export interface AuditPlan {
  /** By the monotonic clock. */
  dueAt: number;
}

/**
 * Every `everyMs`, and at once where the server's feed is another than before (it was restored from a backup): tells the
 * server what this station holds receipts for. What the server lost is queued again, where its pages are still here; the
 * server keeps an alarm of the rest. Ends only by throwing.
 */
export async function auditStore(options: {
  session: Pick<Session, 'welcome' | 'audit'>;
  store: SyncStore;
  plan: AuditPlan;
  everyMs: number;
  wait: (ms: number) => Promise<void>;
  signal: AbortSignal;
  log: LinkLog;
}): Promise<never> {
  const { session, store, plan, everyMs, wait, signal, log } = options;
  while (!signal.aborted) {
    // a server of version 1 would not answer
    const waitMs = session.welcome.proto < 2 ? Infinity : plan.dueAt - performance.now();
    if (waitMs > 0) {
      await wait(Math.min(waitMs, everyMs));
      continue;
    }
    let after = 0;
    for (let more = true; more;) {
      const items = store.auditItems(after, itemsAtOnce);
      more = items.length === itemsAtOnce;
      const upTo = more ? (items.at(-1)?.seq ?? after) : Math.max(store.maxSeq(), after);
      const { again } = await session.audit({ after, upTo, items });
      for (const id of again)
        if (store.offerAgain(id)) log.warn({ itemId: id }, 'the server has lost an item: it is sent again');
      after = upTo;
    }
    plan.dueAt = performance.now() + everyMs;
  }
  throw new ConnectionLost('closed by this side');
}
