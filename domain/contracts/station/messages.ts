/**
 * Every message between a station and the server over Socket.IO, once, as routes are (domain/sync/schema.ts says what each is
 * for): on which connection, who may send it, what is asked, what is acknowledged, which failures are answered. The server binds
 * them in transport/serve-messages.ts, and nothing else listens there.
 */
import { z } from 'zod';
import { logHeadSchema } from '../../accounts/log-lines.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { stationHealthSchema } from '../../sync/fleet.ts';
import {
  attachSchema,
  auditAnswerSchema,
  auditSchema,
  chunkAnswerSchema,
  chunkSchema,
  commitSchema,
  helloSchema,
  nonceSchema,
  notifySchema,
  offerAnswerSchema,
  offerSchema,
  pullAnswerSchema,
  pullSchema,
  receiptSchema,
  syncEvents,
  welcomeSchema,
} from '../../sync/schema.ts';
import {
  carriedDraftEvents,
  carriedDraftSchema,
  draftFileSchema,
  draftPieceSchema,
  freeDraftSchema,
  giveDraftSchema,
  takeDraftSchema,
} from '../../sync/carried-draft.ts';
import {
  marketEvents,
  marketRowsAnswerSchema,
  marketRowsSchema,
  removeRowSchema,
} from '../../sync/market-rows.ts';
import {
  recordFileAnswerSchema,
  recordFileSchema,
  subjectChallengeSchema,
  subjectEvents,
  subjectRecordsAnswerSchema,
  subjectRecordsSchema,
  subscribeSchema,
  subscriptionSchema,
  unsubscribeSchema,
} from '../../sync/subject-feed.ts';

export interface StationMessage {
  readonly event: string;
  readonly channel: '/ctl' | '/blob';
  /** stranger: says who it is by this very message. station: has said so on this connection. */
  readonly permission: 'stranger' | 'station';
  readonly asked: z.ZodType;
  readonly answer: z.ZodType;
  /** Beside those that any message may be answered with. */
  readonly errors: readonly ErrorCode[];
}

/** What the server says by itself, unacknowledged: what is lost is made good by asking. */
export interface ServerMessage {
  readonly event: string;
  readonly channel: '/ctl';
  readonly says: z.ZodType;
}

/** Any message: what does not parse, who has not said who it is, a server that cannot now, and a bug of it. */
export const anyMessageErrors = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'SERVER_BUSY',
  'INTERNAL',
] as const satisfies readonly ErrorCode[];

const nothing = z.object({});
/** A session that another one has taken the place of may not go on. */
const ofSession = ['STATION_FENCED'] as const;
const ofKey = [
  'CHALLENGE_INVALID',
  'TOKEN_HAS_NO_CERTIFICATE',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_REVOKED',
  'REVOCATION_UNKNOWN',
  'CERTIFICATE_WRONG_USE',
  'CERTIFICATE_WRONG_PURPOSE',
  'CERTIFICATE_UNTRUSTED',
  'CERTIFICATE_OF_AUTHORITY',
  'CERTIFICATE_WEAK',
  'CERTIFICATE_UNSUPPORTED',
  'CERTIFICATE_MALFORMED',
  'CERTIFICATE_EXTENSION_UNKNOWN',
  'CERTIFICATE_NAME_FORBIDDEN',
  'CERTIFICATE_ISSUER_NOT_ALLOWED',
  'CERTIFICATE_CHAIN_TOO_LONG',
  'ACCOUNT_FROZEN',
  'ACCOUNT_DISABLED',
] as const;
const ofSubject = [...ofSession, 'FORBIDDEN', ...ofKey] as const;

export const stationMessages = {
  /** Read by servers of every version: what a later one adds is left aside. */
  hello: {
    ...{ event: syncEvents.hello, channel: '/ctl', permission: 'stranger' },
    ...{ asked: helloSchema, answer: welcomeSchema },
    errors: [...ofSession, 'STATION_UNKNOWN', 'STATION_QUARANTINED', 'VERSION_UNSUPPORTED'],
  },
  attach: {
    ...{ event: syncEvents.attach, channel: '/blob', permission: 'stranger' },
    ...{ asked: z.strictObject(attachSchema.shape), answer: nothing, errors: ofSession },
  },
  offer: {
    ...{ event: syncEvents.offer, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(offerSchema.shape), answer: offerAnswerSchema },
    errors: [...ofSession, 'CONFLICT', 'FILE_TOO_LARGE', 'QUOTA_EXCEEDED', 'VERSION_UNSUPPORTED'],
  },
  chunk: {
    ...{ event: syncEvents.chunk, channel: '/blob', permission: 'station' },
    ...{ asked: z.strictObject(chunkSchema.shape), answer: chunkAnswerSchema },
    errors: [...ofSession, 'HASH_MISMATCH', 'QUOTA_EXCEEDED'],
  },
  commit: {
    ...{ event: syncEvents.commit, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(commitSchema.shape), answer: receiptSchema },
    errors: [...ofSession, 'CONFLICT', 'HASH_MISMATCH', 'FILE_TOO_LARGE', 'VERSION_UNSUPPORTED'],
  },
  /** Telemetry: a later station tells more of itself, which is left aside. */
  health: {
    ...{ event: syncEvents.health, channel: '/ctl', permission: 'station' },
    ...{ asked: stationHealthSchema, answer: z.undefined(), errors: ofSession },
  },
  audit: {
    ...{ event: syncEvents.audit, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(auditSchema.shape), answer: auditAnswerSchema, errors: ofSession },
  },
  pull: {
    ...{ event: syncEvents.pull, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(pullSchema.shape), answer: pullAnswerSchema, errors: ofSubject },
  },
  challenge: {
    ...{ event: subjectEvents.challenge, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject({}), answer: subjectChallengeSchema, errors: ofSession },
  },
  subscribe: {
    ...{ event: subjectEvents.subscribe, channel: '/ctl', permission: 'station' },
    asked: z.union(subscribeSchema.options.map((one) => one.strict())),
    ...{ answer: subscriptionSchema, errors: ofSubject },
  },
  unsubscribe: {
    ...{ event: subjectEvents.unsubscribe, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(unsubscribeSchema.shape), answer: nothing, errors: ofSession },
  },
  records: {
    ...{ event: subjectEvents.records, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(subjectRecordsSchema.shape), answer: subjectRecordsAnswerSchema },
    errors: ofSubject,
  },
  recordFile: {
    ...{ event: subjectEvents.file, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(recordFileSchema.shape), answer: recordFileAnswerSchema },
    errors: [...ofSubject, 'NOT_FOUND'],
  },
  takeDraft: {
    ...{ event: carriedDraftEvents.take, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(takeDraftSchema.shape), answer: carriedDraftSchema },
    errors: [
      ...ofSubject,
      'DRAFT_CODE_UNKNOWN',
      'DRAFT_CODE_EXPIRED',
      'DRAFT_CODE_USED',
      'DRAFT_OF_ANOTHER',
      'DRAFT_OF_OTHER_PROGRAMME',
      'TOO_MANY_ATTEMPTS',
    ],
  },
  draftFile: {
    ...{ event: carriedDraftEvents.file, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(draftFileSchema.shape), answer: recordFileAnswerSchema },
    errors: [...ofSubject, 'DRAFT_TAKEN_BACK', 'NOT_FOUND'],
  },
  draftPiece: {
    ...{ event: carriedDraftEvents.piece, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(draftPieceSchema.shape), answer: nothing },
    errors: [
      ...ofSubject,
      'DRAFT_TAKEN_BACK',
      'NOT_FOUND',
      'FILE_TOO_LARGE',
      'HASH_MISMATCH',
      'ATTACHMENT_NOT_PICTURE',
      'ATTACHMENT_FULL',
    ],
  },
  marketRows: {
    ...{ event: marketEvents.rows, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(marketRowsSchema.shape), answer: marketRowsAnswerSchema },
    errors: [...ofSubject, 'NOT_FOUND', 'SERVICE_MISSING', 'SERVICE_UNREACHABLE'],
  },
  removeRow: {
    ...{ event: marketEvents.remove, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(removeRowSchema.shape), answer: nothing },
    errors: [...ofSubject, 'NOT_FOUND'],
  },
  giveDraft: {
    ...{ event: carriedDraftEvents.give, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(giveDraftSchema.shape), answer: nothing },
    errors: [...ofSubject, 'DRAFT_TAKEN_BACK'],
  },
  freeDraft: {
    ...{ event: carriedDraftEvents.free, channel: '/ctl', permission: 'station' },
    ...{ asked: z.strictObject(freeDraftSchema.shape), answer: nothing },
    errors: ofSession,
  },
} as const satisfies Record<string, StationMessage>;

export const serverMessages = {
  nonce: { event: syncEvents.nonce, channel: '/ctl', says: nonceSchema },
  poke: { event: syncEvents.poke, channel: '/ctl', says: notifySchema },
  /** Another session of the station took over. */
  fenced: { event: syncEvents.fenced, channel: '/ctl', says: nothing },
  logHead: { event: syncEvents.logHead, channel: '/ctl', says: logHeadSchema },
} as const satisfies Record<string, ServerMessage>;
