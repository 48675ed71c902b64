/** The part of the kiosk's contract with its agent that is about scanners and stacks; see kiosk-agent.ts. */
import { z } from 'zod';
import { longest, most } from '../../limits.ts';
import { ulidSchema } from '../../record/schema.ts';
import { scanColourSchema, scanSettingsSchema, scanSourceSchema, stackSchema } from '../../stack/schema.ts';

export const scannerViewSchema = z.object({
  id: z.string().max(longest.name),
  name: z.string().max(longest.name),
  driver: z.string().max(longest.name),
  state: z.enum(['ready', 'missing', 'fault']),
  simulated: z.boolean(),
  /** Chinese: what is wrong and what to do; empty when ready. */
  advice: z.string().max(longest.text),
  sources: z.array(scanSourceSchema).max(most.parts),
  dpis: z.array(z.int()).max(most.parts),
  colours: z.array(scanColourSchema).max(most.parts),
});

export type ScannerView = z.infer<typeof scannerViewSchema>;

/** A stack, and whether paper moves at this moment. */
export const stackViewSchema = stackSchema.omit({ creditCode: true }).extend({ scanning: z.boolean() });

export type StackView = z.infer<typeof stackViewSchema>;

export const stackSummarySchema = stackViewSchema
  .pick({ id: true, createdAt: true, updatedAt: true, revision: true, complete: true, scanning: true })
  .extend({ pages: z.int(), open: z.int(), refused: z.int() });

export type StackSummary = z.infer<typeof stackSummarySchema>;

export const startScanSchema = z.object({
  scannerId: z.string().max(longest.name),
  settings: scanSettingsSchema,
});

/** Documents that were placed must stand in it unchanged; a page in no document is left out. */
export const arrangementSchema = z.object({
  revision: z.int().nonnegative(),
  documents: z
    .array(z.object({ id: z.string().max(longest.name), pages: z.array(ulidSchema).max(most.list).min(1) }))
    .max(most.list),
});

export const turnStackPageSchema = z.object({
  degrees: z.union([z.literal(90), z.literal(180), z.literal(270)]),
});

export const placeDocumentSchema = z.object({
  recordId: ulidSchema,
  slot: z.string().max(longest.name),
  place: z.enum(['replace', 'append', 'auxiliary']),
});

/** Announced with every change; the page fetches what it shows. */
export const stackEventSchema = z.object({
  type: z.literal('stack'),
  id: ulidSchema,
  revision: z.int(),
  pages: z.int(),
  scanning: z.boolean(),
});

export const stackRoutes = {
  scanners: { method: 'GET', path: '/api/scanners', response: z.array(scannerViewSchema).max(most.list) },
  /** Looks anew; takes seconds where USB is searched. */
  findScanners: {
    method: 'POST',
    path: '/api/scanners/search',
    response: z.array(scannerViewSchema).max(most.list),
  },
  /** Of the subject that is logged in, newest first. */
  stacks: { method: 'GET', path: '/api/stacks', response: z.array(stackSummarySchema).max(most.list) },
  createStack: { method: 'POST', path: '/api/stacks', response: stackViewSchema },
  stack: { method: 'GET', path: '/api/stacks/:stack', response: stackViewSchema },
  deleteStack: { method: 'DELETE', path: '/api/stacks/:stack', response: z.object({}) },
  /** Begins or goes on; pages come behind those that are there. */
  scanStack: {
    method: 'POST',
    path: '/api/stacks/:stack/scan',
    request: startScanSchema,
    response: stackViewSchema,
  },
  stopScan: { method: 'DELETE', path: '/api/stacks/:stack/scan', response: stackViewSchema },
  /** The person has taken note of one that could not be opened. */
  dismissRefused: {
    method: 'DELETE',
    path: '/api/stacks/:stack/refused/:sheet',
    response: stackViewSchema,
  },
  /** The body is a file: PDF or TIFF of several pages, or a picture. */
  addToStack: { method: 'POST', path: '/api/stacks/:stack/files', response: stackViewSchema },
  arrangeStack: {
    method: 'PUT',
    path: '/api/stacks/:stack/documents',
    request: arrangementSchema,
    response: stackViewSchema,
  },
  turnStackPage: {
    method: 'PUT',
    path: '/api/stacks/:stack/pages/:page/turn',
    request: turnStackPageSchema,
    response: stackViewSchema,
  },
  /** The document's pages go to a material and are read there; the job is the material's. */
  placeDocument: {
    method: 'POST',
    path: '/api/stacks/:stack/documents/:document/place',
    request: placeDocumentSchema,
    response: z.object({ jobId: ulidSchema }),
  },
  /** image/png, A4: the sheet to print and lay between two documents. */
  separator: { method: 'GET', path: '/api/stacks/separator' },
  /** image/jpeg; query `width` gives a smaller copy. */
  stackPage: { method: 'GET', path: '/api/stacks/:stack/pages/:page' },
} as const;
