import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { maxPayloadBytes } from '#domain/limits.ts';
import { receiptText } from '#domain/sync/manifest.ts';
import { parseAction } from '#domain/sync/action.ts';
import type { Receipt } from '#domain/sync/schema.ts';
import type { BlobStore, SendableItem, SyncStore } from '../ports/store.ts';
import type { Pace } from './pace.ts';
import type { Session } from './open-session.ts';
import { sendBlob } from './send-blob.ts';
import type { PieceSize } from './send-blob.ts';
import type { Turns } from './turns.ts';

/** What is wrong with the item itself, found on this side: it would fail every time. */
export class PoisonItem extends Error {
  readonly code: 'BAD_REQUEST' | 'FILE_TOO_LARGE' | 'FILE_DAMAGED';

  constructor(code: PoisonItem['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'PoisonItem';
    this.code = code;
  }
}

/**
 * Offer, missing pages, commit, receipt. May be called again after any failure: the server answers `already`, or says
 * which bytes it still needs. Throws ConnectionLost, PoisonItem, QuietNow, or the server's refusal as AppError.
 */
export async function deliverItem(options: {
  session: Session;
  store: SyncStore;
  blobs: BlobStore;
  item: SendableItem;
  serverPublicKey: KeyObject;
  pace: Pace;
  pieces: PieceSize;
  /** Of pages under way, shared by the items: the first item's pages go first. */
  turns: Turns;
  /** Resolves when the items before have sent their commits, or given up: commits leave in the queue's order. */
  afterOthers: Promise<unknown>;
  onCommitSent: () => void;
}): Promise<void> {
  const { session, store, blobs, item, serverPublicKey, pace, pieces, turns } = options;
  inspect(item, session.welcome.limits.maxBlobBytes);
  const { id, seq, kind, schemaVersion, payload, payloadSha, manifestSha } = item;
  const answer = await session.offer({ id, seq, kind, schemaVersion, payloadSha, blobs: item.blobs });
  if (answer.state === 'already') {
    accept(answer.receipt);
    return;
  }
  if (item.blobs.length > 0) store.moveItem(id, 'uploading');
  let hasFailed = false;
  const sendings = [...new Set(item.blobs.map((blob) => blob.sha))].map((sha) =>
    turns.take(async () => {
      if (hasFailed) return;
      try {
        await sendPage(sha, answer.offsets[sha] ?? 0);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }),
  );
  // Each ends before anything is thrown: nothing of this item is under way when the queue goes on.
  const ends = await Promise.allSettled(sendings);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  await options.afterOthers;
  store.moveItem(id, 'committing');
  const receipt = session.commit({ id, seq, kind, schemaVersion, payload, blobs: item.blobs, manifestSha });
  options.onCommitSent();
  accept(await receipt);

  function accept(receipt: Receipt): void {
    const isOurs = receipt.id === id && receipt.manifestSha === manifestSha;
    if (!isOurs || !isSignedBy(serverPublicKey, receipt))
      throw new AppError('SIGNATURE_INVALID', { itemId: id, of: 'receipt' });
    store.acceptItem(id, receipt);
  }

  async function sendPage(sha: string, offset: number | 'done'): Promise<void> {
    if (offset !== 'done') {
      const bytes = await readPage(sha);
      if (await sendBlob({ session, sha, bytes, offset, pace, pieces })) giveBack(bytes);
    }
    store.blobDone(id, sha);
  }

  async function readPage(sha: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await blobs.get(sha);
    } catch (error) {
      throw new PoisonItem('FILE_DAMAGED', `page ${sha} cannot be read`, { cause: error });
    }
  }
}

function inspect(item: SendableItem, maxBlobBytes: number): void {
  if (Buffer.byteLength(item.payload) > maxPayloadBytes)
    throw new PoisonItem('FILE_TOO_LARGE', 'the record is larger than a message may be');
  const large = item.blobs.find((blob) => blob.size > maxBlobBytes);
  if (large) throw new PoisonItem('FILE_TOO_LARGE', `page ${large.sha} is larger than the server takes`);
  let payload: unknown;
  try {
    payload = JSON.parse(item.payload);
  } catch (error) {
    throw new PoisonItem('BAD_REQUEST', 'the payload is no JSON', { cause: error });
  }
  const parsed = parseAction(item.kind, payload);
  if (!parsed.success)
    throw new PoisonItem('BAD_REQUEST', 'the payload does not fit its schema', { cause: parsed.error });
}

/**
 * The memory of a page that is used up, at once. Left to the collector, pages would have it search the whole heap for every
 * few of them.
 */
function giveBack({ buffer, byteLength }: Uint8Array<ArrayBuffer>): void {
  if (buffer.byteLength === byteLength) buffer.transfer(0);
}

function isSignedBy(publicKey: KeyObject, receipt: Receipt): boolean {
  const text = Buffer.from(receiptText(receipt), 'utf8');
  return verify(null, text, publicKey, Buffer.from(receipt.signature, 'base64'));
}
