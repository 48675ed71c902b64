import { dayMs } from '#domain/primitives.ts';
import { ulid } from 'ulid';
import type { ConnectionState } from '#domain/contracts/kiosk/station.ts';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { nextDelayMs } from '#domain/sync/backoff.ts';
import type { Link } from '../ports/link.ts';
import type { BlobStore, OutboxItem, SyncStore } from '../ports/store.ts';
import { ConnectionLost } from './connection-socket.ts';
import type { LinkLog } from './link-log.ts';
import { auditStore } from './audit-store.ts';
import type { AuditPlan } from './audit-store.ts';
import { reportHealth } from './report-health.ts';
import type { Surroundings } from './report-health.ts';
import { freeDrafts } from './free-drafts.ts';
import { openSession } from './open-session.ts';
import { pullChanges } from './pull-changes.ts';
import { sendQueue } from './send-queue.ts';
import { createPace } from './pace.ts';
import type { SubjectFeed } from './subject-feed.ts';
import { createSignal } from './wake.ts';

export interface LinkOptions {
  store: SyncStore;
  blobs: BlobStore;
  appVersion: string;
  catalogueHash: string;
  /** What the station tells of itself besides its queue; left out, it tells that much only. */
  surroundings?: () => Surroundings;
  /** How often it tells, when nothing changes. */
  healthEveryMs?: number;
  /** The records of whoever is logged in. */
  subjectFeed?: Pick<SubjectFeed, 'follow'>;
  log?: LinkLog;
  now?: () => Date;
  random?: () => number;
  /** A connection that is not there by then is given up. */
  connectTimeoutMs?: number;
  /** A silence this long ends the connection: half-open lines look alive. */
  ackTimeoutMs?: number;
  /** How often a station that was refused asks again by itself. */
  recheckMs?: number;
  /** Changes are asked for this often even when no poke came. */
  pullEveryMs?: number;
  /** How often station and server compare what they hold. */
  auditEveryMs?: number;
}

/** What ends trying: the state it is shown as. */
const stops: Partial<Record<ErrorCode, ConnectionState['state']>> = {
  STATION_FENCED: 'fenced',
  STATION_QUARANTINED: 'quarantined',
  STATION_UNKNOWN: 'refused',
  VERSION_UNSUPPORTED: 'refused',
  SIGNATURE_INVALID: 'refused',
};

/** The most that the first try after a useful session waits. */
const againMs = 1_000;
/** After a start, some time within this: a hall that is switched on in the morning must not ask all at once. */
const firstAuditMs = 600_000;

/** Wall clocks further apart than this are worth a warning; nothing depends on them. */
const clockWarningMs = 5 * 60_000;

const isUnderWay = ({ state }: OutboxItem): boolean => state === 'uploading' || state === 'committing';

export function createLink(options: LinkOptions): Link {
  const { store, now = () => new Date(), random = Math.random, recheckMs = 300_000 } = options;
  const log = options.log ?? { info: () => undefined, warn: () => undefined };
  const bootId = ulid();
  const life = new AbortController();
  const listeners = new Set<(state: ConnectionState) => void>();
  /** Something to send, or a person who asks to try now. */
  const work = createSignal();
  const tryNow = createSignal();
  const deleted = createSignal();
  const audit: AuditPlan = { dueAt: performance.now() + random() * firstAuditMs };
  let state: ConnectionState['state'] = 'offline';
  let since = now().toISOString();
  let error: AppError | undefined;
  let running: Promise<void> | undefined;

  const unsubscribe = store.subscribe((event) => {
    if (event.type === 'settings') work.raise();
    if (event.type === 'record-deleted') deleted.raise();
    // the pages of an item under way change nothing of what is told
    if (event.type !== 'outbox' || isUnderWay(event.item)) return;
    announce();
    if (event.item.state === 'ready') work.raise();
  });

  function present(): ConnectionState {
    const wire = error && toWireError(error, bootId);
    return { state, since, ...(wire ? { error: wire } : {}), ...store.outboxCounts() };
  }

  function announce(): void {
    if (life.signal.aborted) return;
    const line = present();
    for (const listener of listeners) listener(line);
  }

  function enter(next: ConnectionState['state'], reason?: AppError): void {
    if (next !== state) since = now().toISOString();
    else if (reason?.code === error?.code) return;
    state = next;
    error = reason;
    log.info({ state: next, code: reason?.code }, 'the line changed');
    announce();
  }

  /** One session from hello to its end. Always throws. */
  async function live(onWorking: () => void): Promise<never> {
    const { enrolment } = store.identity();
    if (!enrolment) throw new AppError('STATION_UNKNOWN');
    const session = await openSession({
      store,
      serverUrl: enrolment.serverUrl,
      stationId: enrolment.stationId,
      bootId,
      appVersion: options.appVersion,
      catalogueHash: options.catalogueHash,
      connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
      ackTimeoutMs: options.ackTimeoutMs ?? 7_000,
      now,
      signal: life.signal,
    });
    const offsetMs = Date.parse(session.welcome.serverTime) - now().getTime();
    if (Math.abs(offsetMs) > clockWarningMs)
      log.warn({ offsetMs }, 'the clocks of station and server differ');
    const epoch = store.cursor()?.epoch;
    // the server counts anew: it was restored from a backup, and may have lost what came after
    if (epoch !== undefined && epoch !== session.welcome.head.epoch) audit.dueAt = 0;
    enter('online');
    const over = new AbortController();
    const loops = [
      pullChanges({
        session,
        store,
        signal: over.signal,
        everyMs: options.pullEveryMs ?? 60_000,
        onPulled: onWorking,
      }),
      sendQueue({
        session,
        store,
        blobs: options.blobs,
        serverPublicKey: enrolment.serverPublicKey,
        signal: over.signal,
        work,
        pace: createPace({ settings: () => store.settings()?.settings, now }),
        random,
        log,
      }),
      reportHealth({
        session,
        store,
        appVersion: options.appVersion,
        catalogueHash: options.catalogueHash,
        surroundings: options.surroundings ?? (() => ({ devices: [] })),
        everyMs: options.healthEveryMs ?? 60_000,
        now,
        signal: over.signal,
      }),
    ];
    loops.push(freeDrafts({ session, store, signal: over.signal, deleted }));
    if (options.subjectFeed) loops.push(options.subjectFeed.follow({ session, signal: over.signal }));
    const quiet = createSignal();
    loops.push(
      auditStore({
        session,
        store,
        plan: audit,
        everyMs: options.auditEveryMs ?? dayMs,
        wait: (ms) => quiet.wait({ signal: over.signal, timeoutMs: ms }),
        signal: over.signal,
        log,
      }),
    );
    try {
      return await Promise.race([session.over, ...loops]);
    } finally {
      over.abort();
      session.close();
      // A loop may be between two writes; the store must not be closed under it.
      await Promise.allSettled(loops);
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !life.signal.aborted;) {
      tryNow.clear();
      if (attempt === 0 && state !== 'online') enter('connecting');
      let wasUseful = false;
      const failure = await live(() => {
        attempt = 0;
        wasUseful = true;
      }).catch((reason: unknown) => reason);
      if (life.signal.aborted) return;
      const stop = failure instanceof AppError ? stops[failure.code] : undefined;
      if (stop && failure instanceof AppError) {
        enter(stop, failure);
        if (stop === 'fenced') return;
        await tryNow.wait({ signal: life.signal, timeoutMs: recheckMs });
        attempt = 0;
        continue;
      }
      if (!(failure instanceof ConnectionLost))
        log.warn({ error: String(failure), stack: (failure as Error).stack }, 'the line failed');
      else log.info({ reason: failure.message }, 'the line broke');
      attempt += 1;
      enter('offline', failure instanceof AppError ? failure : new AppError('SERVER_UNREACHABLE'));
      // a line that has just worked is most likely there again; a hall of stations still does not come in one moment
      const waitMs =
        wasUseful && failure instanceof ConnectionLost ? random() * againMs : nextDelayMs(attempt, random);
      await tryNow.wait({ signal: life.signal, timeoutMs: waitMs });
    }
  }

  return {
    state: present,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      running ??= run();
    },
    poke() {
      work.raise();
      tryNow.raise();
    },
    async close() {
      life.abort();
      unsubscribe();
      await running;
    },
  };
}
