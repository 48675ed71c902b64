/**
 * Every message between the kiosk's page and the station's agent, once.
 * HTTP on loopback, JSON unless said otherwise; foreign Origins are refused. The page is opened with a code that works once
 * (`http://127.0.0.1:PORT/#code=…`), which `open` exchanges for a cookie; every other route needs that cookie.
 * The kiosk never calls the server: everything here works with no line.
 *
 * A long action (reading a document, sealing) answers at once with a job; its progress and end come as events
 * (server-sent events at GET /api/events), and GET /api/jobs/:id gives the same.
 */
import { z } from 'zod';
import { longest, most } from '../limits.ts';
import { wireErrorSchema } from '../errors/app-error.ts';
import { deviceTestRequestSchema, deviceTestSchema } from './device-test.ts';
import { cornerNameSchema, marksSchema, quadSchema } from '../reading/schema.ts';
import {
  checkedSchema,
  recordSchema,
  subjectSchema,
  ulidSchema,
  valuesSchema,
  instantSchema,
} from '../record/schema.ts';
import { stackEventSchema, stackRoutes } from './kiosk-stacks.ts';
import { lightColourSchema } from '../verdict/schema.ts';

export const maxUploadBytes = 50 * 1024 * 1024;

export const deviceSchema = z.object({
  id: z.string().max(longest.name),
  kind: z.enum(['card-reader', 'signing-token', 'camera', 'scanner', 'reader-model']),
  name: z.string().max(longest.name),
  driver: z.string().max(longest.name),
  state: z.enum(['ready', 'missing', 'fault']),
  simulated: z.boolean(),
  /** Chinese: what is wrong and what to do; empty when ready. */
  advice: z.string().max(longest.text),
  /** What its driver has met so far. */
  tested: z.enum(['tested-on-hardware', 'tested-on-emulator', 'untested']).optional(),
});
export type Device = z.infer<typeof deviceSchema>;

export const lineStateSchema = z.object({
  state: z.enum(['online', 'connecting', 'offline', 'fenced', 'quarantined', 'refused']),
  since: instantSchema,
  error: wireErrorSchema.optional(),
  queued: z.int().nonnegative(),
  parked: z.int().nonnegative(),
});
export type LineState = z.infer<typeof lineStateSchema>;

export const sessionSchema = z.object({
  id: z.string().max(longest.name),
  subject: subjectSchema,
  tokenId: z.string().max(longest.name),
  holderName: z.string().max(longest.name),
  programme: z.string().max(longest.name),
  /** Undefined until 登录主体 is chosen. */
  role: z.string().max(longest.name).optional(),
  startedAt: instantSchema,
});
export type Session = z.infer<typeof sessionSchema>;

export const stationSchema = z.object({
  stationId: z.string().max(longest.name),
  stationName: z.string().max(longest.name),
  version: z.string().max(longest.name),
  programme: z.string().max(longest.name),
  catalogueHash: z.string().max(longest.name),
  now: instantSchema,
  /** What is simulated on this station, in Chinese, for the banner; empty when all is real. */
  simulated: z.array(z.string().max(longest.name)).max(most.parts),
  line: lineStateSchema,
  devices: z.array(deviceSchema).max(most.parts),
  session: sessionSchema.optional(),
  /** When the first of the drafts of who is logged in will be deleted, if nobody touches it before. */
  draftsKeptUntil: instantSchema.optional(),
  /** Idle time after which the session ends, and how long before it the person is warned. */
  idle: z.object({ endAfterMs: z.int(), warnBeforeMs: z.int() }),
});
export type Station = z.infer<typeof stationSchema>;

export const tokenCertificateViewSchema = z.object({
  id: z.string().max(longest.name),
  use: z.enum(['sign', 'encrypt']),
  serialNumber: z.string().max(longest.name),
  holderName: z.string().max(longest.name),
  creditCode: z.string().max(longest.name).optional(),
  issuerName: z.string().max(longest.name),
  notBefore: instantSchema,
  notAfter: instantSchema,
  /** Whole days left; negative when expired. */
  daysLeft: z.int(),
  /** The person it was issued to, where it is a person's (法定代表人). */
  personName: z.string().max(longest.name).optional(),
  /** What the authority's revocation list says; unknown: no list of this authority is here. */
  revocation: z
    .object({
      state: z.enum(['good', 'revoked', 'stale', 'unknown']),
      thisUpdate: instantSchema.optional(),
      nextUpdate: instantSchema.optional(),
    })
    .optional(),
});
export const tokenViewSchema = z.object({
  id: z.string().max(longest.name),
  label: z.string().max(longest.name),
  serialNumber: z.string().max(longest.name),
  simulated: z.boolean(),
  pin: z.object({
    locked: z.boolean(),
    lastTry: z.boolean(),
    countLow: z.boolean(),
    isDefault: z.boolean(),
    remainingTries: z.int().optional(),
    maxTries: z.int().optional(),
  }),
  certificates: z.array(tokenCertificateViewSchema).max(most.parts),
});
export type TokenView = z.infer<typeof tokenViewSchema>;

export const loginRequestSchema = z.object({
  tokenId: z.string().max(longest.name),
  certificateId: z.string().max(longest.name),
  pin: z.string().max(64),
});
export const changePinRequestSchema = z.object({
  tokenId: z.string().max(longest.name),
  pin: z.string().max(64),
  newPin: z.string().max(64),
});
export const roleRequestSchema = z.object({ role: z.string().max(longest.name) });

export const recordSummarySchema = recordSchema
  .pick({
    id: true,
    kind: true,
    role: true,
    answers: true,
    form: true,
    state: true,
    light: true,
    uniqueCode: true,
    submittedAt: true,
    updatedAt: true,
    pushes: true,
  })
  .extend({
    /** Per slot: what the lists show. */
    materials: z
      .array(
        z.object({
          slot: z.string().max(longest.name),
          light: lightColourSchema.optional(),
          sealed: z.boolean(),
          values: valuesSchema,
        }),
      )
      .max(most.parts),
  });
export type RecordSummary = z.infer<typeof recordSummarySchema>;

export const createRecordSchema = z.object({
  kind: z.string().max(longest.name),
  answers: valuesSchema,
  supersedes: ulidSchema.optional(),
});
/** Every edit names the revision it saw; a newer one answers CONFLICT with the current record in details. */
export const editSchema = z.object({ revision: z.int().nonnegative() });
export const formEditSchema = editSchema.extend({ form: valuesSchema });
export const valuesEditSchema = editSchema.extend({
  values: valuesSchema,
  mode: z.enum(['smart', 'manual']).optional(),
  confirmed: z.boolean().optional(),
});
export const marksEditSchema = editSchema.extend({ marks: marksSchema });
export const cornersEditSchema = editSchema.extend({ corners: quadSchema });
export const pagesEditSchema = editSchema.extend({
  /** Page indexes to keep, in their new order. */
  order: z.array(z.int().nonnegative()).max(most.parts),
  rotate: z
    .array(
      z.object({
        page: z.int().nonnegative(),
        degrees: z.union([z.literal(90), z.literal(180), z.literal(270)]),
      }),
    )
    .max(most.parts),
});
export const sealRequestSchema = editSchema.extend({
  tokenId: z.string().max(longest.name),
  certificateId: z.string().max(longest.name),
  pin: z.string().max(64),
  /** Whose seal: the company's, or its legal person's beside it. */
  by: z.enum(['company', 'legal-person']).default('company'),
  /** Centre of the visible seal, millimetres from the page's top left; default bottom right of the last page. */
  placement: z.object({ page: z.int().nonnegative(), xMm: z.number(), yMm: z.number() }).optional(),
  /** 骑缝章: where its middle stands, 0 (top) to 1 (bottom); two pages or more. */
  seam: z.object({ at: z.number().min(0).max(1) }).optional(),
});
/** Several materials under one PIN, one after another; each has a job of its own, and one that fails stops no other. */
export const sealBatchRequestSchema = z.object({
  tokenId: z.string().max(longest.name),
  certificateId: z.string().max(longest.name),
  pin: z.string().max(64),
  /** A seam wherever a material has two pages or more. */
  seam: z.boolean().default(false),
  items: z
    .array(
      z.object({ recordId: ulidSchema, slot: z.string().max(longest.name), revision: z.int().nonnegative() }),
    )
    .min(1)
    .max(100),
});
export const sealPlacesSchema = z.object({
  /** Where the paper says that a seal belongs, best first; `page` counts from 0. */
  places: z
    .array(
      z.object({
        keyword: z.string().max(longest.name),
        page: z.int().nonnegative(),
        xMm: z.number(),
        yMm: z.number(),
      }),
    )
    .max(most.parts),
});
export type SealPlaces = z.infer<typeof sealPlacesSchema>;
/** 提交 seals the record as a whole: with this key, or, for a few minutes after a material was sealed, with that one. */
export const submitRequestSchema = editSchema.extend({
  key: z
    .object({
      tokenId: z.string().max(longest.name),
      certificateId: z.string().max(longest.name),
      pin: z.string().max(64),
    })
    .optional(),
});
export const pushRequestSchema = z.object({ field: z.string().max(longest.name) });

export const jobSchema = z.object({
  id: ulidSchema,
  kind: z.enum(['capture', 'corners', 'check', 'seal', 'card']),
  recordId: ulidSchema,
  slot: z.string().max(longest.name),
  state: z.enum(['running', 'done', 'failed']),
  /** Stage of the work, for the progress line: 正在找页面, 正在识别 … (keys of the kiosk's locale). */
  stage: z.enum(['waiting-for-card', 'opening', 'reading', 'extracting', 'scoring', 'sealing', 'storing']),
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  error: wireErrorSchema.optional(),
  /** What a person should know although the job succeeded: e.g. one page of many could not be read. */
  notes: z.array(z.object({ page: z.int().optional(), text: z.string().max(longest.text) })).max(most.parts),
  /** capture: the certificate kinds that the pages look like, best first. */
  recognised: z
    .array(z.object({ certificate: z.string().max(longest.name), confidence: z.number() }))
    .max(most.parts)
    .optional(),
  checked: checkedSchema.optional(),
});
export type Job = z.infer<typeof jobSchema>;

export const frameAnswerSchema = z.object({
  corners: quadSchema.optional(),
  pageShare: z.number(),
  /** Further sheets in view. */
  others: z.array(quadSchema).max(most.parts).optional(),
  hints: z
    .array(
      z.enum(['no-page', 'too-far', 'too-dark', 'glare', 'blurred', 'cut-off', 'finger', 'folded', 'screen']),
    )
    .max(most.parts),
  /** With the hint `folded`: which corners, as the frame shows them. */
  foldedCorners: z.array(cornerNameSchema).max(most.parts).optional(),
});

/** Server-sent events: `event: <type>`, `data: <JSON>`. */
export const agentEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('record'), record: recordSchema }),
  z.object({ type: z.literal('line'), line: lineStateSchema }),
  z.object({ type: z.literal('devices'), devices: z.array(deviceSchema).max(most.parts) }),
  z.object({
    type: z.literal('upload'),
    recordId: ulidSchema,
    /** waiting: in the queue; sending: pages on their way; received: the server's receipt is stored. */
    state: z.enum(['waiting', 'sending', 'received', 'parked']),
    blobsDone: z.int(),
    blobsTotal: z.int(),
  }),
  stackEventSchema,
  z.object({
    type: z.literal('session-ended'),
    reason: z.enum(['logout', 'idle']),
    /** As `stationSchema` has it, at the end. */
    draftsKeptUntil: instantSchema.optional(),
  }),
]);
export type AgentEvent = z.infer<typeof agentEventSchema>;

/**
 * The routes. `request`/`response` are JSON bodies. Failures: WireError with the status of the error table.
 * Binary bodies: POST capture takes the file as it is (content-type of the file), pages and PDFs answer bytes.
 */
export const agentRoutes = {
  /** Takes the code of the page's address and sets the session's cookie. PAGE_NOT_OPENED when it was used or is unknown. */
  open: {
    method: 'POST',
    path: '/api/page-session',
    request: z.object({ code: z.string().max(100) }),
    response: z.object({}),
  },
  station: { method: 'GET', path: '/api/station', response: stationSchema },
  catalogue: { method: 'GET', path: '/api/catalogue', response: z.unknown() },
  tokens: { method: 'GET', path: '/api/tokens', response: z.array(tokenViewSchema).max(most.list) },
  login: { method: 'POST', path: '/api/session', request: loginRequestSchema, response: sessionSchema },
  role: { method: 'PUT', path: '/api/session/role', request: roleRequestSchema, response: sessionSchema },
  logout: {
    method: 'DELETE',
    path: '/api/session',
    response: z.object({ draftsKeptUntil: instantSchema.optional() }),
  },
  records: { method: 'GET', path: '/api/records', response: z.array(recordSummarySchema).max(most.list) },
  createRecord: { method: 'POST', path: '/api/records', request: createRecordSchema, response: recordSchema },
  record: { method: 'GET', path: '/api/records/:id', response: recordSchema },
  deleteRecord: { method: 'DELETE', path: '/api/records/:id', response: z.object({}) },
  editForm: { method: 'PUT', path: '/api/records/:id/form', request: formEditSchema, response: recordSchema },
  editValues: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/values',
    request: valuesEditSchema,
    response: recordSchema,
  },
  editMarks: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/marks',
    request: marksEditSchema,
    response: recordSchema,
  },
  /**
   * Query: source=camera|upload; auxiliary=true appends the pages as auxiliary material (合并上传), append=true appends
   * them as further pages of the certificate (its back, its second sheet); with neither the pages are replaced.
   * portrait=true appends the face of the person at the counter, which is neither looked for a page nor read.
   */
  capture: { method: 'POST', path: '/api/records/:id/materials/:slot/pages', response: jobSchema },
  editPages: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/pages',
    request: pagesEditSchema,
    response: recordSchema,
  },
  corners: {
    method: 'PUT',
    path: '/api/records/:id/materials/:slot/pages/:page/corners',
    request: cornersEditSchema,
    response: jobSchema,
  },
  readCard: { method: 'POST', path: '/api/records/:id/materials/:slot/card', response: jobSchema },
  cancelJob: { method: 'DELETE', path: '/api/jobs/:id', response: z.object({}) },
  job: { method: 'GET', path: '/api/jobs/:id', response: jobSchema },
  seal: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/seal',
    request: sealRequestSchema,
    response: jobSchema,
  },
  sealBatch: {
    method: 'POST',
    path: '/api/seal-batches',
    request: sealBatchRequestSchema,
    response: z
      .array(
        z.object({
          recordId: ulidSchema,
          slot: z.string().max(longest.name),
          job: jobSchema.optional(),
          error: wireErrorSchema.optional(),
        }),
      )
      .max(most.list),
  },
  /** Reads the pages anew, the last ones first; seconds. */
  sealPlaces: {
    method: 'GET',
    path: '/api/records/:id/materials/:slot/seal-places',
    response: sealPlacesSchema,
  },
  changePin: {
    method: 'PUT',
    path: '/api/tokens/pin',
    request: changePinRequestSchema,
    response: z.object({}),
  },
  /** 保存: checks; green and yellow end in state saved, red stays a draft (job.checked holds the table). */
  save: {
    method: 'POST',
    path: '/api/records/:id/materials/:slot/check',
    request: editSchema,
    response: jobSchema,
  },
  submit: {
    method: 'POST',
    path: '/api/records/:id/submit',
    request: submitRequestSchema,
    response: recordSchema,
  },
  push: {
    method: 'POST',
    path: '/api/records/:id/pushes',
    request: pushRequestSchema,
    response: recordSchema,
  },
  /** image/jpeg; query `width` gives a smaller copy. */
  page: { method: 'GET', path: '/api/records/:id/materials/:slot/pages/:page' },
  /** image/jpeg: the cut of the marks on which the last check of this field rests. NOT_FOUND where nothing was cut. */
  crop: { method: 'GET', path: '/api/records/:id/materials/:slot/crops/:field' },
  pageOriginal: { method: 'GET', path: '/api/records/:id/materials/:slot/pages/:page/original' },
  /** application/pdf: sealed when sealed, else as it would be sealed. */
  pdf: { method: 'GET', path: '/api/records/:id/materials/:slot/pdf' },
  /** For the staff: the device does its work once, nothing is kept. Takes as long as a card needs to be laid down. */
  testDevice: {
    method: 'POST',
    path: '/api/devices/test',
    request: deviceTestRequestSchema,
    response: deviceTestSchema,
  },
  frame: { method: 'POST', path: '/api/camera/frame', response: frameAnswerSchema },
  /** The page tells which cameras it uses, for the device list. */
  camera: {
    method: 'PUT',
    path: '/api/camera',
    request: z.object({
      role: z.enum(['document', 'face']).default('document'),
      label: z.string().max(200),
      width: z.int(),
      height: z.int(),
      simulated: z.boolean(),
      state: z.enum(['ready', 'missing', 'fault']),
      /** What is wrong and what to do, as the page says it; empty when ready. */
      advice: z.string().max(300).default(''),
    }),
    response: z.object({}),
  },
  ...stackRoutes,
  events: { method: 'GET', path: '/api/events' },
} as const;
