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
import { wireErrorSchema } from '../../errors/app-error.ts';
import { maxLength, maxCount } from '../../limits.ts';
import { instantSchema, recordSchema, ulidSchema } from '../../record/schema.ts';
import { deviceTestRequestSchema, deviceTestSchema, frameAnswerSchema } from './devices.ts';
import { jobSchema } from './jobs.ts';
import { cornersEditSchema, pagesEditSchema } from './pages.ts';
import {
  createRecordSchema,
  editSchema,
  formEditSchema,
  marksEditSchema,
  pushRequestSchema,
  recordSummarySchema,
  submitRequestSchema,
  valuesEditSchema,
} from './records.ts';
import { sealBatchRequestSchema, sealPlacesSchema, sealRequestSchema } from './seal.ts';
import {
  changePinRequestSchema,
  loginRequestSchema,
  roleRequestSchema,
  sessionSchema,
  tokenViewSchema,
} from './session.ts';
import { batchRoutes } from './batches.ts';
import { stationSchema } from './station.ts';

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
  tokens: { method: 'GET', path: '/api/tokens', response: z.array(tokenViewSchema).max(maxCount.list) },
  login: { method: 'POST', path: '/api/session', request: loginRequestSchema, response: sessionSchema },
  role: { method: 'PUT', path: '/api/session/role', request: roleRequestSchema, response: sessionSchema },
  logout: {
    method: 'DELETE',
    path: '/api/session',
    response: z.object({ draftsKeptUntil: instantSchema.optional() }),
  },
  records: { method: 'GET', path: '/api/records', response: z.array(recordSummarySchema).max(maxCount.list) },
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
          slot: z.string().max(maxLength.name),
          job: jobSchema.optional(),
          error: wireErrorSchema.optional(),
        }),
      )
      .max(maxCount.list),
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
  ...batchRoutes,
  events: { method: 'GET', path: '/api/events' },
} as const;
