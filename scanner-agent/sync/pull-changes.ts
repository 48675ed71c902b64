import { changeSchema } from '#domain/sync/change.ts';
import type { Cursor, SyncStore } from '../ports/store.ts';
import type { LoosePullAnswer, Session } from './open-session.ts';
import { ConnectionLost } from './connection-socket.ts';
import { createSignal } from './wake.ts';

const pageBytes = 256 * 1024;

/**
 * Pulls numbered changes until aborted: at once, at every poke, and from time to time since pokes may be lost.
 * Ends only by throwing: ConnectionLost, or the server's refusal.
 */
export async function pullChanges(options: {
  session: Session;
  store: SyncStore;
  signal: AbortSignal;
  everyMs: number;
  /** The session has proved useful. */
  onPulled: () => void;
}): Promise<never> {
  const { session, store, signal, everyMs, onPulled } = options;
  const poked = createSignal();
  session.onNotify((_head, audience) => {
    if (audience === undefined) poked.raise();
  });
  while (!signal.aborted) {
    const more = await pullOnce(session, store);
    onPulled();
    if (!more) await poked.wait({ signal, timeoutMs: everyMs });
  }
  throw new ConnectionLost('closed by this side');
}

async function pullOnce(session: Session, store: SyncStore): Promise<boolean> {
  const cursor = cursorIn(session.welcome.head.epoch, store);
  const answer = await session.pull({ epoch: cursor.epoch, after: cursor.seq, maxBytes: pageBytes });
  if (answer.epoch !== cursor.epoch) {
    store.resetCursor(answer.epoch);
    return true;
  }
  const isApplied = store.applyChanges({ ...answer, changes: answer.changes.map(parseChange) });
  if (!isApplied) throw new ConnectionLost(`changes from ${answer.from} were sent for ${cursor.seq}`);
  return answer.more;
}

function cursorIn(epoch: string, store: SyncStore): Cursor {
  const cursor = store.cursor();
  if (cursor) return cursor;
  store.resetCursor(epoch);
  return { epoch, seq: 0 };
}

/** A kind that this program does not know is kept for a later one. */
function parseChange({ seq, change }: LoosePullAnswer['changes'][number]) {
  const parsed = changeSchema.safeParse(change);
  return { seq, change: parsed.success ? parsed.data : undefined, body: JSON.stringify(change) };
}
