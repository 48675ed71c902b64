/** A batch of paper that was scanned in one go and is sorted into documents before anything goes to a material. */
import { z } from 'zod';
import { withDocumentType } from '../catalogue/earlier-names.ts';
import { maxLength, maxCount } from '../limits.ts';
import { wireErrorSchema } from '../errors/app-error.ts';
import { instantSchema, ulidSchema } from '../primitives.ts';
import { pageSchema } from '../record/schema.ts';

export const scanSourceSchema = z.enum(['flatbed', 'feeder', 'feeder-duplex', 'folder']);
export const scanColourSchema = z.enum(['colour', 'grey', 'black-white']);
export const scanSettingsSchema = z.object({
  source: scanSourceSchema,
  dpi: z.int().min(50).max(1200),
  colour: scanColourSchema,
});
export type ScanSettings = z.infer<typeof scanSettingsSchema>;

export const batchPageSchema = z.object({
  id: ulidSchema,
  page: pageSchema,
  /** What came, as the picture shows it; undefined where nothing tells. */
  dpi: z.number().optional(),
  colour: scanColourSchema.optional(),
  /** What the scanner was asked for, where it was one. */
  asked: z.object({ dpi: z.number().optional(), colour: scanColourSchema.optional() }).optional(),
  /** It could not be decoded: an empty page stands in its place, so that page numbers stay true. */
  damaged: z.literal(true).optional(),
  /** Name of the file it came in. */
  fileName: z.string().max(maxLength.text).optional(),
  /** Texts of the barcodes on it; undefined until it was looked at. */
  codes: z.array(z.string().max(maxLength.text)).max(maxCount.parts).optional(),
  /** Kinds of document that it looks like, best first; undefined until it was read. */
  kinds: z
    .array(
      z.preprocess(
        withDocumentType,
        z.object({ documentType: z.string().max(maxLength.name), confidence: z.number() }),
      ),
    )
    .max(maxCount.parts)
    .optional(),
});
export type BatchPage = z.infer<typeof batchPageSchema>;

/** One that could not be opened: it became no page, and stands here until a person has taken note. */
export const refusedSheetSchema = z.object({
  id: ulidSchema,
  /** The file's name, or which sheet of the feeder it was. */
  name: z.string().max(maxLength.name),
  error: wireErrorSchema,
  /** Where the file was put aside, inside the watched folder; absent where it stayed, and for paper. */
  movedTo: z.string().max(maxLength.name).optional(),
  at: instantSchema,
});
export type RefusedSheet = z.infer<typeof refusedSheetSchema>;

export const batchDocumentSchema = z.object({
  id: z.string().max(maxLength.name),
  /** Ids of pages in their order. */
  pages: z.array(ulidSchema).max(maxCount.list).min(1),
  /** Where it went. */
  placed: z
    .object({ recordId: ulidSchema, slot: z.string().max(maxLength.name), at: instantSchema })
    .optional(),
});
export type BatchDocument = z.infer<typeof batchDocumentSchema>;

export const batchSchema = z.object({
  id: ulidSchema,
  creditCode: z.string().max(maxLength.name),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  revision: z.int().nonnegative(),
  /** As they came. A page in no document is left out: blank, a separator, or dropped; it can be taken back. */
  pages: z.array(batchPageSchema).max(maxCount.list),
  documents: z.array(batchDocumentSchema).max(maxCount.list),
  /** A person has sorted: proposals no longer move what lies there. */
  arranged: z.boolean(),
  /** What could not be opened, in the order it came. */
  refused: z.array(refusedSheetSchema).max(maxCount.parts).default([]),
  /** The tray ran empty, or the person said that this is all, and no sheet of paper was lost. */
  complete: z.boolean(),
  /** Why scanning stopped, and what to do before going on. */
  trouble: wireErrorSchema.optional(),
  scannerId: z.string().max(maxLength.name).optional(),
  settings: scanSettingsSchema.optional(),
});
export type Batch = z.infer<typeof batchSchema>;
