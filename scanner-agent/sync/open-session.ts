import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { helloText } from '#domain/sync/manifest.ts';
import { serverMessages, stationMessages as messages } from '#domain/contracts/station/messages.ts';
import type { StationMessage } from '#domain/contracts/station/messages.ts';
import { protocolVersion } from '#domain/sync/schema.ts';
import type {
  Audit,
  AuditAnswer,
  Commit,
  Offer,
  OfferAnswer,
  Pull,
  Receipt,
  Welcome,
} from '#domain/sync/schema.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { StationHealth } from '#domain/sync/fleet.ts';
import type {
  CarriedDraft,
  draftFileSchema,
  draftPieceSchema,
  freeDraftSchema,
  giveDraftSchema,
  takeDraftSchema,
} from '#domain/sync/carried-draft.ts';
import type { MarketRows, marketRowsSchema, removeRowSchema } from '#domain/sync/market-rows.ts';
import type {
  RecordFileQuestion,
  SubjectChallenge,
  SubjectRecordsAnswer,
  Subscribe,
  Subscription,
  subjectRecordsSchema,
} from '#domain/sync/subject-feed.ts';
import type { SyncStore } from '../ports/store.ts';
import { ConnectionLost, openConnection } from './connection-socket.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { readLogHead } from './log-head.ts';
import { createUploadChannel } from './upload-channel.ts';
import type { PieceAnswer } from './upload-channel.ts';

export interface Session {
  welcome: Welcome;
  offer(offer: Offer): Promise<OfferAnswer>;
  /** The most that one `piece` may hold. */
  maxPieceBytes: number;
  piece(chunk: { sha: string; off: number; buf: Uint8Array }): Promise<PieceAnswer>;
  commit(commit: Commit): Promise<Receipt>;
  /** Parsed leniently: a change of a kind this program does not know comes through as it is. */
  pull(pull: Pull): Promise<LoosePullAnswer>;
  /** As the next four, of version 3. */
  subjectChallenge(): Promise<SubjectChallenge>;
  subscribe(request: Subscribe): Promise<Subscription>;
  unsubscribe(): Promise<void>;
  subjectRecords(question: z.input<typeof subjectRecordsSchema>): Promise<SubjectRecordsAnswer>;
  recordFile(question: RecordFileQuestion): Promise<{ size: number; buf: Uint8Array }>;
  /** As the next six, of version 4. */
  takeDraft(asked: z.output<typeof takeDraftSchema>): Promise<CarriedDraft>;
  draftFile(question: z.output<typeof draftFileSchema>): Promise<{ size: number; buf: Uint8Array }>;
  draftPiece(piece: z.output<typeof draftPieceSchema>): Promise<void>;
  giveDraft(given: z.output<typeof giveDraftSchema>): Promise<void>;
  freeDraft(asked: z.output<typeof freeDraftSchema>): Promise<void>;
  marketRows(asked: z.output<typeof marketRowsSchema>): Promise<MarketRows>;
  removeRow(row: z.output<typeof removeRowSchema>): Promise<void>;
  /** Of version 2. */
  audit(audit: Audit): Promise<AuditAnswer>;
  /** May be lost; a server that does not know it takes no notice. */
  health(health: StationHealth): void;
  /** `audience`: undefined for the station's own feed. */
  onNotify(listener: (head: number, audience: Audience | undefined) => void): void;
  /** Rejects when the session is over: ConnectionLost, or STATION_FENCED. Never resolves. */
  over: Promise<never>;
  close(): void;
}

const loosePullAnswerSchema = z.object({
  epoch: z.string(),
  from: z.int().nonnegative(),
  changes: z.array(z.object({ seq: z.int().positive(), change: z.unknown() })),
  next: z.int().nonnegative(),
  more: z.boolean(),
});
export type LoosePullAnswer = z.infer<typeof loosePullAnswerSchema>;

/** One message of the contracts and what is acknowledged. Throws as `ConnectionSocket.ask`. */
const say = <Asked extends z.ZodType, Answer extends z.ZodType>(
  socket: ConnectionSocket,
  { event, answer }: Pick<StationMessage, 'event'> & { asked: Asked; answer: Answer },
  message: z.output<Asked>,
): Promise<z.output<Answer>> => socket.ask(event, message, answer);

export interface SessionOptions {
  store: SyncStore;
  serverUrl: string;
  stationId: string;
  bootId: string;
  appVersion: string;
  catalogueHash: string;
  connectTimeoutMs: number;
  ackTimeoutMs: number;
  now: () => Date;
  signal: AbortSignal;
}

/**
 * The connections of one session: control, and pages beside it so that they never hold control up.
 * Throws ConnectionLost, STATION_UNKNOWN, STATION_QUARANTINED, STATION_FENCED, VERSION_UNSUPPORTED.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { store, serverUrl, stationId, bootId, now } = options;
  const own = new AbortController();
  const signal = AbortSignal.any([options.signal, own.signal]);
  const nonce = Promise.withResolvers<string>();
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => undefined);
  nonce.promise.catch(() => undefined);
  const end = (reason: Error) => {
    over.reject(reason);
    nonce.reject(reason);
    own.abort();
  };
  const early = {
    [serverMessages.nonce.event]: (message: unknown) => {
      const parsed = serverMessages.nonce.says.safeParse(message);
      if (parsed.success) nonce.resolve(parsed.data.nonce);
    },
    [serverMessages.logHead.event]: (message: unknown) => {
      const { enrolment } = store.identity();
      const head = enrolment && readLogHead(message, enrolment.serverPublicKey);
      try {
        if (head) store.keepLogHead(head);
      } catch (error) {
        // a full disk: the next one holds all that this one does
        if (!(error instanceof AppError)) throw error;
      }
    },
    [serverMessages.fenced.event]: () => end(new AppError('STATION_FENCED')),
  };
  const connect = async (namespace: string): Promise<ConnectionSocket> => {
    const socket = await openConnection({
      url: new URL(namespace, serverUrl).href,
      connectTimeoutMs: options.connectTimeoutMs,
      ackTimeoutMs: options.ackTimeoutMs,
      signal,
      early,
    });
    socket.onEnd(end);
    return socket;
  };

  async function openPages(welcome: Welcome): Promise<Pick<Session, 'piece' | 'maxPieceBytes'>> {
    const { putBytes } = welcome;
    if (putBytes !== undefined) {
      const line = createUploadChannel({
        serverUrl,
        stationId,
        welcome,
        answerTimeoutMs: options.ackTimeoutMs,
        onBroken: end,
      });
      signal.addEventListener('abort', line.close, { once: true });
      return { piece: line.put, maxPieceBytes: putBytes };
    }
    const blob = await connect('/blob');
    const { sessionEpoch, blobToken: token } = welcome;
    await say(blob, messages.attach, { stationId, sessionEpoch, token });
    return {
      piece: (piece) => say(blob, messages.chunk, piece),
      maxPieceBytes: welcome.limits.chunkBytes,
    };
  }

  try {
    const ctl = await connect('/ctl');
    const silence = AbortSignal.timeout(options.ackTimeoutMs);
    silence.addEventListener('abort', () => nonce.reject(new ConnectionLost('the server sent no nonce')), {
      once: true,
    });
    const { installId } = store.identity();
    const identity = { nonce: await nonce.promise, stationId, installId, bootId };
    const cursor = store.cursor();
    const { queued, parked } = store.outboxCounts();
    const welcome = await say(ctl, messages.hello, {
      proto: [protocolVersion.min, protocolVersion.max],
      stationId,
      installId,
      bootId,
      appVersion: options.appVersion,
      catalogueHash: options.catalogueHash,
      signature: store.sign(helloText(identity)),
      maxSeq: store.maxSeq(),
      pendingCount: queued + parked,
      ...(cursor ? { cursor } : {}),
      wall: now().toISOString(),
    });
    const pages = await openPages(welcome);
    let followed: Audience | undefined;
    return {
      welcome,
      ...pages,
      offer: (offer) => say(ctl, messages.offer, offer),
      commit: (commit) => say(ctl, messages.commit, commit),
      pull: (pull) => ctl.ask(messages.pull.event, pull, loosePullAnswerSchema),
      subjectChallenge: () => say(ctl, messages.challenge, {}),
      subscribe: async (request) => {
        const subscription = await say(ctl, messages.subscribe, request);
        followed = subscription.audience;
        return subscription;
      },
      unsubscribe: async () => {
        if (followed !== undefined) await say(ctl, messages.unsubscribe, { audience: followed });
        followed = undefined;
      },
      subjectRecords: (question) => say(ctl, messages.records, question),
      recordFile: (question) => say(ctl, messages.recordFile, question),
      takeDraft: (asked) => say(ctl, messages.takeDraft, asked),
      draftFile: (question) => say(ctl, messages.draftFile, question),
      draftPiece: async (piece) => void (await say(ctl, messages.draftPiece, piece)),
      giveDraft: async (given) => void (await say(ctl, messages.giveDraft, given)),
      freeDraft: async (asked) => void (await say(ctl, messages.freeDraft, asked)),
      marketRows: (asked) => say(ctl, messages.marketRows, asked),
      removeRow: async (row) => void (await say(ctl, messages.removeRow, row)),
      audit: (audit) => say(ctl, messages.audit, audit),
      health: (health) => ctl.tell(messages.health.event, health),
      onNotify: (listener) =>
        ctl.on(serverMessages.poke.event, (message) => {
          const parsed = serverMessages.poke.says.safeParse(message);
          if (parsed.success) listener(parsed.data.head, parsed.data.audience);
        }),
      over: over.promise,
      close: () => end(new ConnectionLost('closed by this side')),
    };
  } catch (error) {
    own.abort();
    // A `fenced` that came during the handshake says more than the connection that ended with it.
    throw await Promise.race([over.promise.catch((reason: unknown) => reason), Promise.resolve(error)]);
  }
}
