/**
 * Ports: what the station keeps. Records, the outbox, the inbox and the pages live in one folder that one process owns.
 * Everything here is durable when the call returns (or its promise resolves); nothing depends on the line.
 */
import type { LogHead } from '#domain/accounts/log-lines.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { ActionId, ItemKind } from '#domain/sync/action.ts';
import type { NumberedSettings } from '#domain/sync/fleet.ts';
import type { Audit, BlobRef, Receipt } from '#domain/sync/schema.ts';
import type { Change } from '#domain/sync/change.ts';

/** Who this station is. `stationId` and what follows it are absent until the station is enrolled. */
export interface StationIdentity {
  /** ULID, made at the first opening of the folder; a copied folder has the same one. */
  installId: string;
  /** Ed25519, SubjectPublicKeyInfo in PEM. */
  publicKey: string;
  enrolment?: Enrolment;
}

export interface Enrolment {
  stationId: string;
  stationName: string;
  serverUrl: string;
  /** Ed25519, SubjectPublicKeyInfo in PEM; receipts and digital certificates are signed with its other half. */
  serverPublicKey: string;
  /** Certificates (PEM) of the CA companies whose tokens the server accepts. */
  trustAnchors: string[];
  enrolledAt: string;
}

export interface RecordFilter {
  creditCode: string;
  role?: string;
  programme?: string;
  kind?: string;
}

export type OutboxItemState =
  'ready' | 'uploading' | 'committing' | 'accepted' | 'rejected' | 'purged' | 'parked';

export interface OutboxItem {
  id: string;
  seq: number;
  /** `action`, or what an older program queued. */
  kind: ItemKind;
  action: ActionId;
  recordId: string;
  state: OutboxItemState;
  blobsDone: number;
  blobsTotal: number;
  attempts: number;
  queuedAt: string;
  /** Why it is parked or was rejected, or what went wrong at the last attempt. */
  error?: ErrorCode;
  receipt?: Receipt;
}

export type StoreEvent =
  | { type: 'record'; record: LudengRecord }
  | { type: 'record-deleted'; recordId: string }
  /** An outbox item came, moved or progressed. */
  | { type: 'outbox'; item: OutboxItem }
  /** The desk changed this station's settings. */
  | { type: 'settings' };

export interface QueuedItem {
  /** As it is after queueing, `revision` one above the stored one. For a submission its state is `submitted`. */
  record: LudengRecord;
  /** ULID made by the caller. The same id with the same payload again gives the same seq and changes nothing. */
  itemId: string;
  /** JSON text of the action (domain/sync/action.ts); sent as it is. */
  payload: string;
}

/** Neither: it was never seen by the server here. `refused`: what stands against it since. */
export interface KnownKey {
  acceptedAt?: string;
  refused?: ErrorCode;
}

export interface StationStore {
  identity(): StationIdentity;

  getRecord(id: string): LudengRecord | undefined;
  /** Newest first. Deleted drafts are left out. */
  listRecords(filter: RecordFilter): LudengRecord[];
  /** Throws CONFLICT when the id is there already, STORE_FULL when the disk is. */
  insertRecord(record: LudengRecord): void;
  /**
   * Optimistic: throws CONFLICT (details.current is the stored record) unless the stored revision is `record.revision - 1`;
   * NOT_FOUND; RECORD_NOT_EDITABLE for an illegal move of the state. Operations already there must be kept.
   */
  updateRecord(record: LudengRecord): void;
  /**
   * Destroys a draft or saved record with its pages: neither the database, nor its log, nor a file, nor a block of the disk
   * that was given back holds anything of it that can be read. Twice is fine. Throws RECORD_NOT_EDITABLE when it was submitted.
   */
  deleteDraft(id: string): void;
  /** The same for all drafts and batches that nobody has touched since, but for one subject's. Answers how many went. */
  deleteAgedDrafts(touchedBefore: string, exceptCreditCode?: string): number;
  /** When the oldest draft or batch of this subject was last touched; what was there before drafts had an age counts from then. */
  oldestDraft(creditCode: string): string | undefined;

  /**
   * One transaction: the record becomes submitted and its item stands in the outbox. The blobs must be stored before
   * (NOT_FOUND otherwise). Only after the return is the person told that it is kept.
   * Throws CONFLICT (revision, or the item id with another payload), RECORD_NOT_EDITABLE, STORE_FULL.
   */
  enqueueSubmission(item: QueuedItem & { blobs: BlobRef[] }): { seq: number };
  /** The same for what is asked of a record that was handed in; with a push `record` carries it in state `queued`. */
  enqueueAction(action: 'push' | 'withdraw' | 'release', item: QueuedItem): { seq: number };

  /** queued: on their way; parked: waiting for a person. */
  outboxCounts(): { queued: number; parked: number };
  /** When the oldest of those on their way was queued, ISO UTC. */
  oldestQueuedAt(): string | undefined;
  /** As the desk wants them; undefined until it said anything. */
  settings(): NumberedSettings | undefined;
  /** Of the server's log, signed by it. Twice is fine; the oldest go. */
  keepLogHead(head: LogHead): void;
  /** What the server said last of a key, by the SHA-256 of its certificate. */
  knownKey(certificateSha: string): KnownKey;
  /** Accepted now, where nothing stands against it. */
  noteKey(certificateSha: string, refused?: ErrorCode): void;
  /** Oldest first. */
  itemsOfRecord(recordId: string): OutboxItem[];
  /** A parked item goes back to the queue. Throws NOT_FOUND. */
  unpark(itemId: string): void;

  /** Called after the transaction; a listener that throws is no concern of the store. Returns the way to stop. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
  close(): void;
}

/** An item with all that goes over the line. */
export interface SendableItem extends OutboxItem {
  schemaVersion: number;
  payload: string;
  payloadSha: string;
  manifestSha: string;
  blobs: BlobRef[];
}

export interface Cursor {
  epoch: string;
  seq: number;
}

/**
 * The part of the store that only the link uses. One writer: the link. What the server tells again (moveItem, blobDone,
 * acceptItem, applyChanges) may be taken back by a power cut, the newest first, and by nothing else.
 */
export interface SyncStore extends StationStore {
  saveEnrolment(enrolment: Enrolment): void;
  /** Ed25519 with the device key, base64. */
  sign(text: string): string;
  maxSeq(): number;
  /** Lowest seq that may go now: active, not in `except`, no earlier unfinished item of the same record. */
  nextItem(except: ReadonlySet<string>): SendableItem | undefined;
  /** An active item moves among ready, uploading and committing; a failed attempt is counted with its code. */
  moveItem(id: string, to: 'ready' | 'uploading' | 'committing', failure?: ErrorCode): void;
  /** The server has this blob whole. Kept so that progress survives a restart; the server's word decides what is sent. */
  blobDone(itemId: string, sha: string): void;
  /** Stores the receipt (verified by the caller) and the state accepted in one transaction. Twice is fine. */
  acceptItem(id: string, receipt: Receipt): void;
  /** The server refused the content for good: the item is rejected, and the record of a submission too. */
  rejectItem(id: string, failure: { code: ErrorCode; message: string; at: string }): void;
  parkItem(id: string, reason: ErrorCode, detail: string): void;

  /** Items above this number in order, at most so many, with what is left of them here. */
  auditItems(after: number, limit: number): Audit['items'];
  /** An accepted item, whose pages are all here, goes up once more: its receipt no longer counts. False for any other. */
  offerAgain(id: string): boolean;

  /** Drafts of portals that were deleted here: the ids of their records, until the server knows it. */
  freedDrafts(): string[];
  /** The server knows it. Twice is fine. */
  draftFreed(recordId: string): void;

  cursor(): Cursor | undefined;
  /** Another epoch: the cursor starts at 0 there. Changes are idempotent, so nothing is applied twice. */
  resetCursor(epoch: string): void;
  /**
   * Applies the changes in order and advances the cursor to `next`, in one transaction, only when the cursor is `from`.
   * Answers false, and changes nothing, when it is not. A change of an unknown kind or record is kept and deferred.
   */
  applyChanges(page: {
    epoch: string;
    from: number;
    next: number;
    changes: { seq: number; change: Change | undefined; body: string }[];
  }): boolean;
  /** Whether the record was entered here; false for one that is not here, or a copy. */
  isOwn(recordId: string): boolean;
  /** The feed of a subject is followed from there: what it said before is in the records that were fetched. */
  beginSubject(creditCode: string, head: Cursor): void;
  subjectCursor(creditCode: string): Cursor | undefined;
  /** Copies of records that were entered elsewhere, in place of older ones; this station's own stay as they are. */
  putFetched(records: readonly LudengRecord[]): void;
  /**
   * What a subject's feed says: copies of the records that it speaks of, the changes of this station's own, and the cursor, in
   * one transaction. False, and nothing is written, when the cursor is not `from`.
   */
  applySubjectPage(page: {
    creditCode: string;
    epoch: string;
    from: number;
    next: number;
    records: readonly LudengRecord[];
    changes: readonly { change: Change | undefined }[];
  }): boolean;
  /** A page or sealed file of a copy is stored now, and stays while the copy does. */
  nameFetchedBlob(recordId: string, sha: string): void;
  /** Erases all copies: nothing of them can be read when it returns. Answers how many went. */
  dropFetched(): number;
  /**
   * Items accepted before the instant let their payload and pages go; the record keeps its text, and pages that another
   * record or item names stay. Answers the number of items.
   */
  purgeAccepted(receivedBefore: string): number;
}

export interface BlobStat {
  sha: string;
  size: number;
  mime: string;
}

/** Pages and sealed PDFs: encrypted files named by the SHA-256 of what they hold. */
export interface BlobStore {
  /** Durable when resolved. The same bytes again cost nothing. Throws STORE_FULL. */
  put(bytes: Uint8Array, mime: string): Promise<BlobStat>;
  /** The bytes, authenticated; the caller's own, nobody else holds them. Throws NOT_FOUND, FILE_DAMAGED. */
  get(sha: string): Promise<Uint8Array<ArrayBuffer>>;
  has(sha: string): boolean;
  stat(sha: string): BlobStat | undefined;
  /** Lets a blob go that neither a record nor the outbox names; true when it went. */
  delete(sha: string): Promise<boolean>;
  /**
   * Lets all go that was stored before the instant and that neither a record nor the outbox names any more. Leave a
   * day: a capture under way has stored pages which its record does not name yet. Answers their number.
   */
  collect(storedBefore: string): number;
  /** Asked before a new capture, never in the middle of one. */
  room(): { freeBytes: number; isShort: boolean };
}
