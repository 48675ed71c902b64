import { closeSync, existsSync, fdatasyncSync, openSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { ulid } from 'ulid';
import { z } from 'zod';
import { standardLogLines } from '#domain/catalogue/log-lines.ts';
import type { LogLines } from '#domain/catalogue/log-lines.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { makePrivateFile, makePrivateFolder } from '#config/private-files.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import type { BlobStore, Enrolment, StationIdentity, SyncStore } from '../ports/store.ts';
import { createBallast } from './ballast.ts';
import { createBlobStore } from './blob-store.ts';
import { createContext } from './context.ts';
import type { StoreContext } from './context.ts';
import { loadDeviceKeys } from './device-keys.ts';
import type { DeviceKeys } from './device-keys.ts';
import { createDrafts } from './drafts.ts';
import type { Drafts } from './drafts.ts';
import { isDiskFull, syncFolderSync } from './durable-file.ts';
import { createEnvelope } from './envelope.ts';
import { createFetchedRecords } from './fetched-records.ts';
import { createInbox } from './inbox.ts';
import { liftOwnKeys } from './lift-own-keys.ts';
import { createFreedDrafts } from './freed-drafts.ts';
import { createKnownKeys } from './known-keys.ts';
import { createLogHeads } from './log-heads.ts';
import { migrate } from './migrate.ts';
import { createOutbox } from './outbox.ts';
import { createOwnKeys } from './own-keys.ts';
import { lockFolder } from './process-lock.ts';
import { createRecords } from './records.ts';
import type { Records } from './records.ts';
import { createBatches } from './batches.ts';

export interface OpenStoreOptions {
  /** Made when it is not there; mode 0700. */
  folder: string;
  now?: () => Date;
  /** Kept on the disk to be given up when it is full. */
  ballastBytes?: number;
  /** Below this much free space new captures are refused. */
  reserveBytes?: number;
  /** The words of a programme's log; the standard ones if left out. */
  logLinesOf?: (programme: string) => LogLines;
  onListenerError?: (error: unknown) => void;
}

export interface OpenedStore {
  store: SyncStore;
  blobs: BlobStore;
  batches: BatchStore;
}

/**
 * Opens the station's folder: `store.db`, `station.key`, `keys/`, `pages/`, `ballast`, `lock.db`, `begun`. Throws STORE_LOCKED
 * when another process has it, VERSION_UNSUPPORTED when a newer program wrote it, STORE_EMPTIED when the store is gone and the
 * rest is not.
 */
export function openStore(options: OpenStoreOptions): OpenedStore {
  const { folder, now = () => new Date(), ballastBytes = 4 << 20, reserveBytes = 256 << 20 } = options;
  makePrivateFolder(folder);
  const lock = lockFolder(folder);
  try {
    const path = join(folder, 'store.db');
    const keys = loadDeviceKeys(folder, { isNewStore: !existsSync(path) });
    const db = openDatabase(path);
    const log = openLog(path);
    try {
      const ballast = createBallast(folder, ballastBytes);
      const envelope = createEnvelope(keys.storeKey);
      const context = createContext({
        db,
        ballast,
        envelope,
        keys: createOwnKeys({ folder, stationEnvelope: envelope }),
        flush: log.flush,
        now: () => now().toISOString(),
        logLinesOf: options.logLinesOf ?? (() => standardLogLines),
        onListenerError: options.onListenerError ?? reportLater,
      });
      liftOwnKeys(context);
      const blobs = createBlobStore(context, { folder, reserveBytes });
      refuseEmptied(db, folder);
      const records = createRecords(context);
      const batches = createBatches(context);
      context.keys.destroyAllBut((owner, id) => (owner === 'record' ? records : batches).isThere(id));
      const drafts = createDrafts(context, { records, batches, blobs });
      const store = assemble(context, keys, { records, drafts }, () => {
        log.close();
        db.close();
        lock.release();
      });
      noteBegin(folder);
      blobs.sweep();
      ballast.restore();
      return { store, blobs, batches: { ...batches, remove: drafts.removeBatch } };
    } catch (error) {
      log.close();
      db.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openDatabase(path: string): Database {
  makePrivateFile(path);
  const db = new SqliteDatabase(path, { timeout: 5_000 });
  try {
    db.pragma('journal_mode = WAL');
    // What FULL does beyond NORMAL is a flush of the log after each commit. The context does it, where a commit needs it.
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    // what a deleted row said is overwritten in its page, not only unlinked from it
    db.pragma('secure_delete = ON');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite's log beside the database: it is there from the first look into it until the database is closed. */
function openLog(path: string): { flush: () => void; close: () => void } {
  const log = openSync(`${path}-wal`, 'r+');
  // Its name must be as durable as what it holds.
  syncFolderSync(dirname(path));
  return { flush: () => fdatasyncSync(log), close: () => closeSync(log) };
}

/** Stands beside the store from its first start on. */
const begunName = 'begun';

function noteBegin(folder: string): void {
  try {
    makePrivateFile(join(folder, begunName));
  } catch (error) {
    // a station with a full disk must start all the same; the pages speak for themselves
    if (!isDiskFull(error)) throw error;
  }
}

/**
 * A store that knows nothing beside pages or signs of an earlier one was lost or emptied. To go on would delete the pages
 * as nobody's, and number items from 1 again. Throws STORE_EMPTIED.
 */
function refuseEmptied(db: Database, folder: string): void {
  if (db.prepare('select 1 from identity').get()) return;
  const pages = join(folder, 'pages');
  const hasPages = readdirSync(pages)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .some((shelf) => readdirSync(join(pages, shelf)).length > 0);
  if (hasPages || existsSync(join(folder, begunName))) throw new AppError('STORE_EMPTIED', { folder });
}

const enrolmentSchema = z.object({
  stationId: z.string(),
  stationName: z.string(),
  serverUrl: z.string(),
  serverPublicKey: z.string(),
  trustAnchors: z.array(z.string()),
  enrolledAt: z.string(),
});

function assemble(
  context: StoreContext,
  keys: DeviceKeys,
  { records, drafts }: { records: Records; drafts: Drafts },
  release: () => void,
): SyncStore {
  const { db, now, write } = context;
  const outbox = createOutbox(context, records);
  const inbox = createInbox(context, records);
  const fetched = createFetchedRecords(context, {
    records,
    applyToOwn: inbox.applyToOwn,
    letGo: drafts.forget,
  });
  const selectIdentity = db.prepare<[], { install_id: string; enrolment: string | null }>(
    'select install_id, enrolment from identity',
  );
  const setEnrolment = db.prepare('update identity set enrolment = ?');
  if (!selectIdentity.get())
    write(() => db.prepare('insert into identity values (1, ?, ?, null)').run(ulid(), now()));
  inbox.applyDeferred();
  // a crash ended the session that they were fetched for
  fetched.dropFetched();
  let isOpen = true;

  function identity(): StationIdentity {
    const row = selectIdentity.get();
    if (!row) throw new Error('the identity row is missing');
    return {
      installId: row.install_id,
      publicKey: keys.publicKey,
      ...(row.enrolment === null ? {} : { enrolment: enrolmentSchema.parse(JSON.parse(row.enrolment)) }),
    };
  }

  const freed = createFreedDrafts(context);
  return {
    identity,
    saveEnrolment: (enrolment: Enrolment) => {
      write(() => setEnrolment.run(JSON.stringify(enrolmentSchema.parse(enrolment))));
    },
    sign: keys.sign,
    getRecord: records.get,
    listRecords: records.list,
    insertRecord: records.insert,
    updateRecord: records.update,
    deleteDraft: drafts.deleteDraft,
    deleteAgedDrafts: drafts.deleteAged,
    oldestDraft: drafts.oldest,
    enqueueSubmission: outbox.enqueueSubmission,
    enqueueAction: outbox.enqueueAction,
    outboxCounts: outbox.counts,
    oldestQueuedAt: outbox.oldestQueuedAt,
    settings: inbox.settings,
    itemsOfRecord: outbox.ofRecord,
    unpark: outbox.unpark,
    maxSeq: outbox.maxSeq,
    nextItem: outbox.next,
    moveItem: outbox.move,
    blobDone: outbox.blobDone,
    acceptItem: outbox.accept,
    rejectItem: outbox.reject,
    parkItem: outbox.park,
    purgeAccepted: outbox.purgeAccepted,
    auditItems: outbox.auditItems,
    offerAgain: outbox.offerAgain,
    keepLogHead: createLogHeads(context).keepLogHead,
    freedDrafts: freed.list,
    draftFreed: freed.remove,
    ...createKnownKeys(context),
    cursor: inbox.cursor,
    resetCursor: inbox.resetCursor,
    applyChanges: inbox.applyChanges,
    isOwn: fetched.isOwn,
    beginSubject: fetched.beginSubject,
    subjectCursor: fetched.subjectCursor,
    putFetched: fetched.putFetched,
    applySubjectPage: fetched.applySubjectPage,
    dropFetched: fetched.dropFetched,
    nameFetchedBlob: (recordId, sha) => {
      write(() => records.nameFetchedBlob(recordId, sha));
    },
    subscribe: context.subscribe,
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      release();
    },
  };
}

/** A listener's bug is loud, and no concern of the transaction that is committed already. */
function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
