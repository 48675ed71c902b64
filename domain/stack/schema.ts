/** A stack of paper that was scanned in one go and is sorted into documents before anything goes to a material. */
import { z } from 'zod';
import { wireErrorSchema } from '../errors/app-error.ts';
import { instantSchema, pageSchema, ulidSchema } from '../record/schema.ts';

export const scanSourceSchema = z.enum(['flatbed', 'feeder', 'feeder-duplex', 'folder']);
export const scanColourSchema = z.enum(['colour', 'grey', 'black-white']);
export const scanSettingsSchema = z.object({
  source: scanSourceSchema,
  dpi: z.int().min(50).max(1200),
  colour: scanColourSchema,
});
export type ScanSettings = z.infer<typeof scanSettingsSchema>;

export const stackPageSchema = z.object({
  id: ulidSchema,
  page: pageSchema,
  /** Of the scan, where the source says it. */
  dpi: z.number().optional(),
  colour: scanColourSchema.optional(),
  /** Name of the file it came in. */
  fileName: z.string().optional(),
  /** Texts of the barcodes on it; undefined until it was looked at. */
  codes: z.array(z.string()).optional(),
  /** Kinds of certificate that it looks like, best first; undefined until it was read. */
  kinds: z.array(z.object({ certificate: z.string(), confidence: z.number() })).optional(),
});
export type StackPage = z.infer<typeof stackPageSchema>;

export const stackDocumentSchema = z.object({
  id: z.string(),
  /** Ids of pages in their order. */
  pages: z.array(ulidSchema).min(1),
  /** Where it went. */
  placed: z.object({ recordId: ulidSchema, slot: z.string(), at: instantSchema }).optional(),
});
export type StackDocument = z.infer<typeof stackDocumentSchema>;

export const stackSchema = z.object({
  id: ulidSchema,
  creditCode: z.string(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  revision: z.int().nonnegative(),
  /** As they came. A page in no document is left out: blank, a separator, or dropped; it can be taken back. */
  pages: z.array(stackPageSchema),
  documents: z.array(stackDocumentSchema),
  /** A person has sorted: proposals no longer move what lies there. */
  arranged: z.boolean(),
  /** The tray ran empty, or the person said that this is all. */
  complete: z.boolean(),
  /** Why scanning stopped, and what to do before going on. */
  trouble: wireErrorSchema.optional(),
  scannerId: z.string().optional(),
  settings: scanSettingsSchema.optional(),
});
export type Stack = z.infer<typeof stackSchema>;
