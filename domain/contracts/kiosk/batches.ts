/** The part of the kiosk's contract with its agent that is about scanners and batches; see kiosk-agent.ts. */
import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { ulidSchema } from '../../primitives.ts';
import { scanColourSchema, scanSettingsSchema, scanSourceSchema, batchSchema } from '../../batch/schema.ts';
import type { KioskRoutes } from '../route.ts';
import { maxUploadBytes } from './pages.ts';
import { nothing, widthQuery } from './params.ts';

export const scannerViewSchema = z.object({
  id: z.string().max(maxLength.name),
  name: z.string().max(maxLength.name),
  driver: z.string().max(maxLength.name),
  state: z.enum(['ready', 'missing', 'fault']),
  simulated: z.boolean(),
  /** Chinese: what is wrong and what to do; empty when ready. */
  advice: z.string().max(maxLength.text),
  sources: z.array(scanSourceSchema).max(maxCount.parts),
  dpis: z.array(z.int()).max(maxCount.parts),
  colours: z.array(scanColourSchema).max(maxCount.parts),
});

export type ScannerView = z.infer<typeof scannerViewSchema>;

/** A batch, and whether paper moves at this moment. */
export const batchViewSchema = batchSchema.omit({ creditCode: true }).extend({ scanning: z.boolean() });

export type BatchView = z.infer<typeof batchViewSchema>;

export const batchSummarySchema = batchViewSchema
  .pick({ id: true, createdAt: true, updatedAt: true, revision: true, complete: true, scanning: true })
  .extend({ pages: z.int(), open: z.int(), refused: z.int() });

export type BatchSummary = z.infer<typeof batchSummarySchema>;

export const startScanSchema = z.object({
  scannerId: z.string().max(maxLength.name),
  settings: scanSettingsSchema,
});

/** Documents that were placed must stand in it unchanged; a page in no document is left out. */
export const arrangementSchema = z.object({
  revision: z.int().nonnegative(),
  documents: z
    .array(
      z.object({ id: z.string().max(maxLength.name), pages: z.array(ulidSchema).max(maxCount.list).min(1) }),
    )
    .max(maxCount.list),
});

export const turnBatchPageSchema = z.object({
  degrees: z.union([z.literal(90), z.literal(180), z.literal(270)]),
});

export const placeDocumentSchema = z.object({
  recordId: ulidSchema,
  slot: z.string().max(maxLength.name),
  place: z.enum(['replace', 'append', 'auxiliary']),
});

/** Announced with every change; the page fetches what it shows. */
export const batchEventSchema = z.object({
  type: z.literal('stack'),
  id: ulidSchema,
  revision: z.int(),
  pages: z.int(),
  scanning: z.boolean(),
});

const batchParams = z.object({ batch: z.string().max(maxLength.name) });
const stackPageParams = batchParams.extend({ page: z.string().max(maxLength.name) });

export const batchRoutes = {
  scanners: {
    method: 'GET',
    path: '/api/scanners',
    permission: 'page',
    answer: z.array(scannerViewSchema).max(maxCount.list),
  },
  /** Looks anew; takes seconds where USB is searched. */
  findScanners: {
    method: 'POST',
    path: '/api/scanners/search',
    permission: 'page',
    answer: z.array(scannerViewSchema).max(maxCount.list),
  },
  /** Of the subject that is logged in, newest first. */
  batches: {
    method: 'GET',
    path: '/api/stacks',
    permission: 'subject',
    answer: z.array(batchSummarySchema).max(maxCount.list),
  },
  createBatch: { method: 'POST', path: '/api/stacks', permission: 'subject', answer: batchViewSchema },
  batch: {
    method: 'GET',
    path: '/api/stacks/:batch',
    permission: 'subject',
    params: batchParams,
    answer: batchViewSchema,
  },
  deleteBatch: {
    method: 'DELETE',
    path: '/api/stacks/:batch',
    permission: 'subject',
    params: batchParams,
    answer: nothing,
  },
  /** Begins or goes on; pages come behind those that are there. */
  scanBatch: {
    method: 'POST',
    path: '/api/stacks/:batch/scan',
    permission: 'subject',
    params: batchParams,
    body: startScanSchema,
    answer: batchViewSchema,
  },
  stopScan: {
    method: 'DELETE',
    path: '/api/stacks/:batch/scan',
    permission: 'subject',
    params: batchParams,
    answer: batchViewSchema,
  },
  /** The person has taken note of one that could not be opened. */
  dismissRefused: {
    method: 'DELETE',
    path: '/api/stacks/:batch/refused/:sheet',
    permission: 'subject',
    params: batchParams.extend({ sheet: z.string().max(maxLength.name) }),
    answer: batchViewSchema,
  },
  /** A PDF or TIFF of several pages, or a picture. */
  addToBatch: {
    method: 'POST',
    path: '/api/stacks/:batch/files',
    permission: 'subject',
    params: batchParams,
    body: { file: true, maxBytes: maxUploadBytes },
    answer: batchViewSchema,
  },
  arrangeBatch: {
    method: 'PUT',
    path: '/api/stacks/:batch/documents',
    permission: 'subject',
    params: batchParams,
    body: arrangementSchema,
    answer: batchViewSchema,
  },
  turnBatchPage: {
    method: 'PUT',
    path: '/api/stacks/:batch/pages/:page/turn',
    permission: 'subject',
    params: stackPageParams,
    body: turnBatchPageSchema,
    answer: batchViewSchema,
  },
  /** The document's pages go to a material and are read there; the job is the material's. */
  placeDocument: {
    method: 'POST',
    path: '/api/stacks/:batch/documents/:document/place',
    permission: 'subject',
    params: batchParams.extend({ document: z.string().max(maxLength.name) }),
    body: placeDocumentSchema,
    answer: z.object({ jobId: ulidSchema }),
  },
  /** A4: the sheet to print and lay between two documents. */
  separator: {
    method: 'GET',
    path: '/api/stacks/separator',
    permission: 'page',
    answer: { bytes: 'image/png' },
  },
  batchPage: {
    method: 'GET',
    path: '/api/stacks/:batch/pages/:page',
    permission: 'subject',
    params: stackPageParams,
    query: widthQuery,
    answer: { bytes: 'image/jpeg' },
  },
} as const satisfies KioskRoutes;
