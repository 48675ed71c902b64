import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { actionsSince } from '#domain/sync/schema.ts';
import { nextDelayMs } from '#domain/sync/backoff.ts';
import type { BlobStore, SendableItem, SyncStore } from '../ports/store.ts';
import type { LinkLog } from './link-log.ts';
import { deliverItem, PoisonItem } from './deliver-item.ts';
import { createPieceSize } from './send-blob.ts';
import { createTurns } from './turns.ts';
import { ConnectionLost } from './connection-socket.ts';
import { QuietNow } from './pace.ts';
import type { LinePace } from './pace.ts';
import type { Session } from './open-session.ts';
import type { WakeSignal } from './wake.ts';

const longMs = 3_600_000;
const busyDefaultMs = 5_000;
/** While one item waits for its receipt, the pages of the next are on their way. */
const itemsUnderWay = 12;
/** After so many refusals "later" of one and the same item a person has to look; the item itself is kept. */
const attemptsBeforeParking = 8;

/** The server looked at the content and will not have it, now or later: the applicant has to act. */
const contentRefusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'VERDICT_MISMATCH',
  'SIGNATURE_INVALID',
  'RED_LIGHT',
  'NOT_SEALED',
  'RECORD_NOT_SEALED',
  'NOT_CHECKED',
  'MATERIAL_MISSING',
  'NO_PAGES',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_WRONG_USE',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_OF_OTHER_SUBJECT',
]);
/** Not about the item: the session ends with them. */
const sessionRefusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STATION_FENCED',
  'STATION_UNKNOWN',
  'STATION_QUARANTINED',
]);

/** Quiet hours are for what would fill the line; a push or a small page goes at any time. */
const largeBytes = 256 * 1024;
const quietLookMs = 30_000;
const isLarge = (item: SendableItem): boolean =>
  item.blobs.reduce((sum, { size }) => sum + size, 0) > largeBytes;

const busySchema = z.object({ retryAfterMs: z.number().nonnegative().max(longMs) });

/**
 * Delivers what the outbox holds until aborted, several items at once, their commits in the queue's order. An item that
 * fails steps aside: for a while, or parked with its reason; those behind it go on. Ends only by throwing, with nothing
 * under way any more: ConnectionLost, or what ends the session.
 */
export async function sendQueue(options: {
  session: Session;
  store: SyncStore;
  blobs: BlobStore;
  /** PEM. */
  serverPublicKey: string;
  signal: AbortSignal;
  work: WakeSignal;
  /** The bandwidth limit and the quiet hours of the station's settings. */
  pace: LinePace;
  random: () => number;
  log: LinkLog;
}): Promise<never> {
  const { session, store, blobs, signal, work, pace, random, log } = options;
  const serverPublicKey = createPublicKey(options.serverPublicKey);
  /** When an item may be tried again, by the monotonic clock. */
  const asideUntil = new Map<string, number>();
  /** Large ones that wait for the end of the quiet hours. */
  const resting = new Set<string>();
  const underWay = new Map<string, Promise<void>>();
  let busyUntil = 0;
  let ending: { reason: unknown } | undefined;
  let lastCommit: Promise<unknown> = Promise.resolve();
  const pieces = createPieceSize(session.maxPieceBytes);
  const turns = createTurns(pieces.pages);

  while (!signal.aborted && !ending) {
    work.clear();
    const now = performance.now();
    for (const [id, until] of asideUntil) if (until <= now) asideUntil.delete(id);
    if (!pace.isQuiet()) resting.clear();
    const mayStart = busyUntil <= now && underWay.size < itemsUnderWay;
    const except = new Set([...asideUntil.keys(), ...resting, ...underWay.keys()]);
    const item = mayStart ? store.nextItem(except) : undefined;
    if (item && pace.isQuiet() && isLarge(item)) {
      resting.add(item.id);
      continue;
    }
    if (item?.kind === 'action' && session.welcome.proto < actionsSince) {
      // it stays where it is; a person is told, and the server may be newer at the next try
      ending = { reason: new AppError('VERSION_UNSUPPORTED', { server: session.welcome.proto }) };
      continue;
    }
    if (item) {
      start(item);
      continue;
    }
    const times = busyUntil > now ? [busyUntil] : [...asideUntil.values()];
    if (resting.size > 0) times.push(now + quietLookMs);
    const until = Math.min(now + longMs, ...times);
    await work.wait({ signal, timeoutMs: Math.max(until - performance.now(), 0) });
  }
  await Promise.allSettled(underWay.values());
  throw ending ? ending.reason : new ConnectionLost('closed by this side');

  function start(item: SendableItem): void {
    const sent = Promise.withResolvers<void>();
    const delivery = deliverItem({
      session,
      store,
      blobs,
      item,
      serverPublicKey,
      pieces,
      turns,
      pace: pace.of({ isLarge: isLarge(item), signal }),
      afterOthers: lastCommit,
      onCommitSent: sent.resolve,
    })
      .catch((error: unknown) => settle(item, error))
      .catch((reason: unknown) => {
        ending ??= { reason };
      })
      .finally(() => {
        sent.resolve();
        underWay.delete(item.id);
        work.raise();
      });
    lastCommit = lastCommit.then(() => sent.promise);
    underWay.set(item.id, delivery);
  }

  function settle(item: SendableItem, error: unknown): void {
    if (error instanceof PoisonItem) {
      log.warn(
        { itemId: item.id, seq: item.seq, code: error.code, reason: error.message },
        'an item was parked',
      );
      store.parkItem(item.id, error.code, error.message);
      return;
    }
    if (error instanceof QuietNow) {
      // no failure of the item: the server keeps what it has of it
      store.moveItem(item.id, 'ready');
      resting.add(item.id);
      return;
    }
    if (!(error instanceof AppError)) throw error;
    const { code } = error;
    const isReceipt = error.details['of'] === 'receipt';
    if (sessionRefusals.has(code) || isReceipt) throw error;
    if (code === 'SERVER_BUSY' || code === 'STORE_FULL' || code === 'QUOTA_EXCEEDED') {
      const parsed = busySchema.safeParse(error.details);
      busyUntil = performance.now() + (parsed.success ? parsed.data.retryAfterMs : busyDefaultMs);
      return;
    }
    log.warn({ itemId: item.id, seq: item.seq, code }, 'an item was refused');
    if (contentRefusals.has(code)) {
      store.rejectItem(item.id, { code, message: errorTable[code].message, at: new Date().toISOString() });
      return;
    }
    const isTemporary = errorTable[code].retry === 'later';
    if (!isTemporary || item.attempts + 1 >= attemptsBeforeParking) {
      store.parkItem(item.id, code, errorTable[code].message);
      return;
    }
    store.moveItem(item.id, 'ready', code);
    asideUntil.set(item.id, performance.now() + nextDelayMs(item.attempts + 1, random));
  }
}
