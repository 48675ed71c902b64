/**
 * Messages between station and server over Socket.IO. Two connections, /ctl and /blob; an acknowledgement means durable.
 * Every guarantee (order, exactly one effect, resume) sits in the two databases, none in the transport.
 *
 *   hello -> welcome                 identity, limits, how far the server is
 *   offer -> need | already          what is coming; which bytes are missing, or were not shown by this station yet
 *   chunk -> {off}                   pages, in pieces, resumed at the server's offset: of version 1
 *   PUT <uploadPath>/<sha> -> {off}  the same of version 2: a stream, of which every byte that arrives counts
 *   commit -> receipt                one transaction on the server; the same id again gives the same receipt
 *   poke, pull -> changes            numbered updates down
 *   audit -> {again}                 now and then: what the server should have of this station
 *   health                           how the station is; not acknowledged, may be lost
 *   log-head                         the newest signed line of the server's log, to be kept; an older station takes no notice
 *   subject-challenge, subscribe ... the records of whoever is logged in, from version 3: subject-feed.ts
 *   take-draft, give-draft ...       a draft that was begun at a portal, from version 4: carried-draft.ts
 */
import { z } from 'zod';
import { limited, maxLength, maxCount } from '../limits.ts';
import { sha256Schema, ulidSchema, instantSchema } from '../primitives.ts';
import { audienceSchema } from './audience.ts';
import { numberedChangeSchema } from './change.ts';
import { itemKindSchema } from './action.ts';
import { wireErrorSchema } from '../errors/app-error.ts';

/**
 * Failures on the line. hello: STATION_UNKNOWN, STATION_QUARANTINED, VERSION_UNSUPPORTED. Any write of an older session:
 * STATION_FENCED (its sockets also hear `fenced`). offer: SERVER_BUSY with details.retryAfterMs. chunk: HASH_MISMATCH (the
 * blob starts again at 0). commit: CONFLICT parks the item; a refusal of its content (VERDICT_MISMATCH, SIGNATURE_INVALID ...)
 * rejects it. A cursor of another epoch is started again at 0 of the welcome's epoch: changes are idempotent.
 */
export const protocolVersion = { min: 1, max: 4 } as const;
/** From this version on the server takes items of the kind `action` and knows subjects' feeds. */
export const actionsSince = 3;

/** Every acknowledged answer: either the result or the failure. */
export const answerSchema = <T extends z.ZodType>(result: T) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), result }),
    z.object({ ok: z.literal(false), error: wireErrorSchema }),
  ]);

/** Emitted by the server on every new /ctl connection, before anything else. */
export const nonceSchema = z.object({ nonce: z.string().max(maxLength.name), serverTime: instantSchema });

export const helloSchema = z.object({
  proto: z.tuple([z.int(), z.int()]),
  stationId: z.string().min(1).max(64),
  /** Made at the first start of a store; a copied disk has the same one. */
  installId: ulidSchema,
  /** Made at each start of the agent. */
  bootId: ulidSchema,
  appVersion: z.string().max(maxLength.name),
  catalogueHash: z.string().max(maxLength.name),
  /** Ed25519 over `nonce|stationId|installId|bootId`, base64. */
  signature: z.string().max(maxLength.name),
  maxSeq: z.int().nonnegative(),
  pendingCount: z.int().nonnegative(),
  cursor: z.object({ epoch: z.string().max(maxLength.name), seq: z.int().nonnegative() }).optional(),
  wall: instantSchema,
});
export type Hello = z.infer<typeof helloSchema>;

export const welcomeSchema = z.object({
  proto: z.int(),
  sessionEpoch: z.int(),
  /** Made for this session; `attach` shows it on /blob. */
  blobToken: z.string().max(maxLength.name).min(16),
  serverTime: instantSchema,
  head: z.object({ epoch: z.string().max(maxLength.name), seq: z.int().nonnegative() }),
  limits: z.object({ chunkBytes: z.int(), windowChunks: z.int(), maxBlobBytes: z.int() }),
  /** From version 2: pages go by PUT, at most so many bytes in each. */
  putBytes: z.int().positive().optional(),
});
export type Welcome = z.infer<typeof welcomeSchema>;

/** Joins the /blob connection to the session of /ctl; `token` is the welcome's blobToken. Acknowledged with `{}`. */
export const attachSchema = z.object({
  stationId: z.string().max(maxLength.name),
  sessionEpoch: z.int(),
  token: z.string().max(maxLength.name),
});

/**
 * Version 2: `PUT <uploadPath>/<sha>?off=N` with the bytes from there as `application/octet-stream` and these headers; the
 * token as `Authorization: Bearer`. Answered as a chunk is, or with the wire's error.
 */
export const uploadPath = '/station/pages';
export const uploadHeaders = { station: 'x-ludeng-station', epoch: 'x-ludeng-session' } as const;

export const blobRefSchema = z.object({
  sha: sha256Schema,
  size: z.int().positive(),
  mime: z.string().max(maxLength.name),
  role: z.enum(['sealed-pdf', 'page', 'attachment']),
});
export type BlobRef = z.infer<typeof blobRefSchema>;

export const offerSchema = z.object({
  id: ulidSchema,
  seq: z.int().positive(),
  kind: itemKindSchema,
  schemaVersion: z.int().positive(),
  payloadSha: sha256Schema,
  blobs: z.array(blobRefSchema).max(maxCount.parts),
});
export type Offer = z.infer<typeof offerSchema>;

/** Receipt: `signature` is the server's Ed25519 over `id|manifestSha|serverSeq|receivedAt`, base64. */
export const receiptSchema = z.object({
  id: ulidSchema,
  manifestSha: sha256Schema,
  serverSeq: z.int().positive(),
  receivedAt: instantSchema,
  signature: z.string().max(maxLength.name),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const offerAnswerSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('need'),
    offsets: limited(z.record(sha256Schema, z.union([z.int().nonnegative(), z.literal('done')]))),
  }),
  z.object({ state: z.literal('already'), receipt: receiptSchema }),
]);
export type OfferAnswer = z.infer<typeof offerAnswerSchema>;

export const chunkSchema = z.object({
  sha: sha256Schema,
  off: z.int().nonnegative(),
  buf: z.custom<Uint8Array>((part) => part instanceof Uint8Array),
});
export const chunkAnswerSchema = z.object({ off: z.union([z.int().nonnegative(), z.literal('done')]) });

/** `manifestSha` = SHA-256 over `payloadSha` and the blobs' shas in order, joined by newlines. */
export const commitSchema = z.object({
  id: ulidSchema,
  seq: z.int().positive(),
  kind: itemKindSchema,
  schemaVersion: z.int().positive(),
  payload: z.string().max(maxLength.payload),
  blobs: z.array(blobRefSchema).max(maxCount.parts),
  manifestSha: sha256Schema,
});
export type Commit = z.infer<typeof commitSchema>;

export const pullSchema = z.object({
  /** Version 3; left out: the station's own. */
  audience: audienceSchema.exactOptional(),
  epoch: z.string().max(maxLength.name),
  after: z.int().nonnegative(),
  maxBytes: z.int().positive(),
});

export type Pull = z.infer<typeof pullSchema>;

export const pullAnswerSchema = z.object({
  epoch: z.string().max(maxLength.name),
  from: z.int().nonnegative(),
  changes: z.array(numberedChangeSchema).max(maxCount.list),
  next: z.int().nonnegative(),
  more: z.boolean(),
});
export type PullAnswer = z.infer<typeof pullAnswerSchema>;

/**
 * Version 2: what a station has of the numbers above `after`, up to `upTo`, without gaps. kept: it has a receipt and the
 * pages; gone: a receipt only; open: no receipt. Answered with the items that it shall offer again.
 */
export const auditSchema = z.object({
  after: z.int().nonnegative(),
  upTo: z.int().nonnegative(),
  items: z
    .array(
      z.object({
        seq: z.int().positive(),
        id: ulidSchema,
        manifestSha: sha256Schema,
        state: z.enum(['kept', 'gone', 'open']),
      }),
    )
    .max(100),
});
export type Audit = z.infer<typeof auditSchema>;
export const auditAnswerSchema = z.object({ again: z.array(ulidSchema).max(maxCount.parts) });
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** Without an audience: the station's own. */
export const notifySchema = z.object({
  head: z.int().nonnegative(),
  audience: audienceSchema.exactOptional(),
});

/** Event names on the wire, once; the namespaces are /ctl and /blob. */
export const syncEvents = {
  nonce: 'nonce',
  hello: 'hello',
  attach: 'attach',
  offer: 'offer',
  chunk: 'chunk',
  commit: 'commit',
  health: 'health',
  audit: 'audit',
  pull: 'pull',
  poke: 'poke',
  fenced: 'fenced',
  logHead: 'log-head',
} as const;
