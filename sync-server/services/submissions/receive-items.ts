import { AppError } from '#domain/errors/app-error.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';
import { manifestText, receiptText } from '#domain/sync/manifest.ts';
import { parseAction } from '#domain/sync/action.ts';
import type { ActionId, RecordAction } from '#domain/sync/action.ts';
import type { BlobRef, Commit, Offer, OfferAnswer, Pull, PullAnswer, Receipt } from '#domain/sync/schema.ts';
import type { BlobStore, Proof } from '../../ports/blob-store.ts';
import type { FeedRows, ItemRows } from '../../ports/item-rows.ts';
import type { ProofRows } from '../../ports/proof-rows.ts';
import type { StationRows } from '../../ports/station-rows.ts';
import type { Clock, MakeId, ServerKey } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';
import type { Admission } from '../stations/admission.ts';
import type { StationQuota } from '../stations/station-quota.ts';
import { jobOfAction } from './job-of-action.ts';
import type { SubjectAccess } from './subject-access.ts';
import type { StationSession } from '../stations/station-sessions.ts';

export const limits = { chunkBytes: 256 * 1024, windowChunks: 4, maxBlobBytes: 64 * 1024 * 1024 } as const;
/** The most that one PUT may hold; what breaks off is kept as far as it came. */
export const putBytes = 4 * 1024 * 1024;
const maxPullBytes = 1024 * 1024;
const maxBlobs = 1000;
const schemaVersions: ReadonlySet<number> = new Set([1]);

export interface ReceiveOptions {
  items: ItemRows;
  stations: Pick<StationRows, 'noteUploads' | 'findUpload'>;
  proofs: ProofRows;
  feed: FeedRows;
  /** Who may read a feed that is not the station's own. */
  access: Pick<SubjectAccess, 'check'>;
  blobs: BlobStore;
  admission: Admission;
  quota: StationQuota;
  /** Pages may come to another process than the one that was offered them. */
  isOneOfSeveral: boolean;
  serverKey: ServerKey;
  clock: Clock;
  makeId: MakeId;
  /** There is a new job. */
  onReceived: (action: ActionId) => void;
}

/** Takes what stations hand over. An answer means durable. */
export function createReceiveItems(options: ReceiveOptions) {
  const {
    items,
    stations,
    proofs,
    feed,
    access,
    blobs,
    admission,
    quota,
    isOneOfSeveral,
    serverKey,
    clock,
    makeId,
    onReceived,
  } = options;

  return {
    /** Throws CONFLICT, VERSION_UNSUPPORTED, FILE_TOO_LARGE, SERVER_BUSY (details.retryAfterMs). */
    async offer(session: StationSession, offer: Offer): Promise<OfferAnswer> {
      session.check();
      const { id, payloadSha, schemaVersion } = offer;
      checkBlobs(offer.blobs);
      if (!schemaVersions.has(schemaVersion)) throw new AppError('VERSION_UNSUPPORTED', { schemaVersion });
      const receipt = await items.receiptOf({ id, stationId: session.stationId, payloadSha });
      // a page that was lost here comes once more; the commit then answers the receipt there is
      if (receipt && (await findMissing(session.stationId, offer.blobs)).length === 0)
        return { state: 'already', receipt };
      if (!admission.enter(id, session))
        throw new AppError('SERVER_BUSY', { retryAfterMs: admission.retryAfterMs() });
      quota.check(session.stationId, 0);
      if (await blobs.isShort()) throw new AppError('SERVER_BUSY', { retryAfterMs: 60_000 });
      if (isOneOfSeveral) await stations.noteUploads(session.stationId, offer.blobs, clock.now());
      const offsets: Record<string, number | 'done'> = {};
      const { stationId } = session;
      const shas = offer.blobs.map(({ sha }) => sha);
      const proved = await proofs.proved(stationId, shas);
      for (const { sha, size } of offer.blobs) {
        session.offered.set(sha, size);
        const isKnown = () => Promise.resolve(proved.has(sha));
        const proof = { ...proofOf(stationId, sha), isKnown };
        offsets[sha] = await blobs.offsetOf({ stationId, sha, size, proof });
      }
      // all of it or nothing: half an item that stops at the limit would lie here unfinished
      quota.check(session.stationId, missingBytes(offer.blobs, offsets));
      return { state: 'need', offsets };
    },

    /** `bytes`: what the body will hold. Throws BAD_REQUEST (not offered, too much), HASH_MISMATCH (the blob starts again at 0). */
    async piece(
      session: StationSession,
      piece: {
        sha: string;
        off: number;
        bytes: number;
        body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
      },
    ): Promise<{ off: number | 'done' }> {
      session.check();
      const { sha, off, bytes, body } = piece;
      const size = session.offered.get(sha) ?? (await stations.findUpload(session.stationId, sha));
      if (size === undefined) throw new AppError('BAD_REQUEST', { sha, reason: 'not offered' });
      session.offered.set(sha, size);
      if (bytes === 0 || bytes > putBytes || off + bytes > size)
        throw new AppError('BAD_REQUEST', { sha, size, bytes });
      quota.check(session.stationId, bytes);
      quota.take(session.stationId, bytes);
      const { stationId } = session;
      const proof = proofOf(stationId, sha);
      return { off: await blobs.append({ stationId, sha, size, off, proof, body }) };
    },

    /** Throws HASH_MISMATCH, BAD_REQUEST, CONFLICT, STATION_FENCED, VERSION_UNSUPPORTED. Never SERVER_BUSY. */
    async commit(session: StationSession, commit: Commit): Promise<Receipt> {
      session.check();
      const { id, seq, kind, schemaVersion, payload, manifestSha } = commit;
      checkBlobs(commit.blobs);
      if (!schemaVersions.has(schemaVersion)) throw new AppError('VERSION_UNSUPPORTED', { schemaVersion });
      const payloadSha = sha256(payload);
      if (sha256(manifestText(payloadSha, commit.blobs)) !== manifestSha)
        throw new AppError('HASH_MISMATCH', { id });
      const { action } = checkPayload(session, commit);

      // an item that is here already needs no blobs: they may be gone for good reasons
      const earlier = await items.receiptOf({ id, stationId: session.stationId, payloadSha });
      const missing = earlier ? [] : await findMissing(session.stationId, commit.blobs);
      if (missing.length > 0) throw new AppError('HASH_MISMATCH', { missing });
      const { receipt, inserted } = await items.commit(
        {
          id,
          stationId: session.stationId,
          seq,
          kind,
          schemaVersion,
          payload,
          payloadSha,
          manifestSha,
          blobs: commit.blobs,
        },
        {
          sessionEpoch: session.sessionEpoch,
          jobId: makeId(),
          jobKind: jobOfAction[action],
          at: clock.now(),
          sign: (unsigned) => serverKey.sign(receiptText(unsigned)),
        },
      );
      admission.leave(id);
      if (inserted) onReceived(action);
      return receipt;
    },

    async pull(session: StationSession, { audience, epoch, after, maxBytes }: Pull): Promise<PullAnswer> {
      session.check();
      const own = audienceOf.station(session.stationId);
      if (audience !== undefined && audience !== own) await access.check(session, audience);
      return feed.pull({
        audience: audience ?? own,
        epoch,
        after,
        maxBytes: Math.min(maxBytes, maxPullBytes),
      });
    },

    head: (audience: Audience) => feed.head(audience),
  };

  function proofOf(stationId: string, sha: string): Proof {
    return {
      isKnown: async () => (await proofs.proved(stationId, [sha])).has(sha),
      note: () => proofs.note(stationId, sha, clock.now()),
    };
  }

  /** What another station alone has brought is missing like what nobody has. */
  async function findMissing(stationId: string, refs: readonly BlobRef[]): Promise<string[]> {
    const shas = refs.map(({ sha }) => sha);
    const proved = await proofs.proved(stationId, shas);
    const areHere = await Promise.all(shas.map(async (sha) => proved.has(sha) && (await blobs.has(sha))));
    return shas.filter((_sha, n) => areHere[n] !== true);
  }
}
export type ReceiveItems = ReturnType<typeof createReceiveItems>;

function missingBytes(refs: readonly BlobRef[], offsets: Readonly<Record<string, number | 'done'>>): number {
  return refs.reduce((sum, { sha, size }) => {
    const at = offsets[sha] ?? 0;
    return sum + (at === 'done' ? 0 : size - at);
  }, 0);
}

function checkBlobs(refs: readonly BlobRef[]): void {
  if (refs.length > maxBlobs) throw new AppError('BAD_REQUEST', { blobs: refs.length });
  const big = refs.find(({ size }) => size > limits.maxBlobBytes);
  if (big) throw new AppError('FILE_TOO_LARGE', { sha: big.sha, maxBytes: limits.maxBlobBytes });
}

/** What does not parse now never will: refused, and kept by the station. */
function checkPayload({ stationId, installId }: StationSession, { kind, payload }: Commit): RecordAction {
  let data: unknown;
  try {
    data = JSON.parse(payload);
  } catch (error) {
    throw new AppError('BAD_REQUEST', { kind }, { cause: error });
  }
  const parsed = parseAction(kind, data);
  if (!parsed.success)
    throw new AppError('BAD_REQUEST', { kind, at: parsed.error.issues[0]?.path.join('.') ?? '' });
  // what was queued before the enrolment carries the name that the store had then
  const action = parsed.data;
  if (action.action === 'submit' && ![stationId, installId].includes(action.payload.stationId))
    throw new AppError('BAD_REQUEST', { kind, at: 'stationId' });
  return action;
}
