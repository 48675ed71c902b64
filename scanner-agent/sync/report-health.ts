import type { StationHealth } from '#domain/sync/fleet.ts';
import type { SyncStore } from '../ports/store.ts';
import { ConnectionLost } from './connection-socket.ts';
import type { Session } from './open-session.ts';
import { createSignal } from './wake.ts';

/** What the line cannot know by itself. */
export type Surroundings = Pick<StationHealth, 'modelPack' | 'devices' | 'disk'>;

/** Often enough to see a change, seldom enough to cost nothing. */
const lookMs = 5_000;

/**
 * Tells the server how the station is: at once, when something of it changed, and every `everyMs`. Never fails by itself.
 * Ends only by throwing ConnectionLost.
 */
export async function reportHealth(options: {
  session: Pick<Session, 'health'>;
  store: SyncStore;
  appVersion: string;
  catalogueHash: string;
  surroundings: () => Surroundings;
  everyMs: number;
  now: () => Date;
  signal: AbortSignal;
}): Promise<never> {
  const { session, store, surroundings, everyMs, now, signal, appVersion, catalogueHash } = options;
  const changed = createSignal();
  const unsubscribe = store.subscribe(({ type }) => {
    if (type === 'settings') changed.raise();
  });
  let told = '';
  let toldAt = -Infinity;
  while (!signal.aborted) {
    const health = look();
    // ages and free bytes move all the time; they go with the next report
    const { wall: _wall, oldestAgeMs: _age, disk: _disk, ...telling } = health;
    const text = JSON.stringify(telling);
    if (text !== told || performance.now() - toldAt >= everyMs) {
      session.health(health);
      told = text;
      toldAt = performance.now();
    }
    await changed.wait({ signal, timeoutMs: Math.min(lookMs, everyMs) });
  }
  unsubscribe();
  throw new ConnectionLost('closed by this side');

  function look(): StationHealth {
    const { queued, parked } = store.outboxCounts();
    const oldest = store.oldestQueuedAt();
    return {
      wall: now().toISOString(),
      queued,
      parked,
      // a clock that was set back must not make an age negative
      ...(oldest === undefined ? {} : { oldestAgeMs: Math.max(now().getTime() - Date.parse(oldest), 0) }),
      appVersion,
      catalogueHash,
      settingsRevision: store.settings()?.revision ?? 0,
      ...surroundings(),
    };
  }
}
