/** What a recogniser yields, and what field extraction makes of it. */
import { z } from 'zod';
import { maxLength, maxCount, tableOf } from '../limits.ts';

/** A point in picture pixels, x to the right, y down. */
export const pointSchema = z.tuple([z.number(), z.number()]);
/** Four corners, clockwise from the shape's own top left (as its text is read). */
export const quadSchema = z.tuple([pointSchema, pointSchema, pointSchema, pointSchema]);
export type Point = z.infer<typeof pointSchema>;
export type Quad = z.infer<typeof quadSchema>;

/** One line of text on one page; `box` in pixels of the picture that was read; `confidence` 0..1, calibrated. */
export const lineSchema = z.object({
  text: z.string().max(maxLength.text),
  box: quadSchema,
  confidence: z.number().min(0).max(1),
  /** The middle of each character, as a part (0..1) of the box's length; the recogniser's own word for where it stands. */
  places: z.array(z.number().min(0).max(1)).max(maxCount.list).optional(),
});
export type Line = z.infer<typeof lineSchema>;

/** The text that runs around a round seal; `box` is about the whole seal, in pixels of the picture that was read. */
export const sealTextSchema = lineSchema.omit({ places: true });
export type SealText = z.infer<typeof sealTextSchema>;

export const qualityIssueSchema = z.enum([
  'blurred',
  'glare',
  'too-dark',
  'too-small',
  'cut-off',
  'blank',
  'upside-down',
  'page-not-found',
  'finger',
  'folded',
  'screen',
]);
export type QualityIssue = z.infer<typeof qualityIssueSchema>;

export const cornerNameSchema = z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']);
export type CornerName = z.infer<typeof cornerNameSchema>;

/** `sharpness` is the variance of the Laplacian at 200 dpi, `glareShare` the part of the page that is burnt out (0..1). */
export const qualitySchema = z.object({
  good: z.boolean(),
  issues: z.array(qualityIssueSchema).max(maxCount.parts),
  sharpness: z.number(),
  glareShare: z.number(),
  brightness: z.number(),
  skewDeg: z.number(),
  /** With the issue `folded`: which corners of the page as it is shown. */
  foldedCorners: z.array(cornerNameSchema).max(maxCount.parts).optional(),
});
export type Quality = z.infer<typeof qualitySchema>;

/** One field as read from the paper: `value` normalised by its field kind, `text` as it stands on the paper. */
export const fieldReadingSchema = z.object({
  value: z.string().max(maxLength.text),
  text: z.string().max(maxLength.text),
  page: z.number().int().nonnegative(),
  box: quadSchema,
  /** One box a line, in reading order, when the value runs over several lines; `box` is then around all of them. */
  boxes: z.array(quadSchema).max(maxCount.parts).optional(),
  /** Where the value goes on behind the end of its page, in reading order. */
  continued: z
    .array(z.object({ page: z.number().int().nonnegative(), box: quadSchema }))
    .max(maxCount.parts)
    .optional(),
  confidence: z.number().min(0).max(1),
  /** Set when a check digit or a dictionary corrected what was read; `text` keeps the raw reading. */
  mended: z.boolean().optional(),
});
export type FieldReading = z.infer<typeof fieldReadingSchema>;
export const fieldReadingsSchema = tableOf(fieldReadingSchema);
export type FieldReadings = z.infer<typeof fieldReadingsSchema>;

/** A mark: the place on a page where a field's value stands; pixels of the straightened page. A field may have several. */
export const markSchema = z.object({
  page: z.number().int().nonnegative(),
  box: quadSchema,
  /** Nothing was read there: the station inferred the place from the label, and no person has drawn or moved it. */
  guessed: z.literal(true).exactOptional(),
});
export type Mark = z.infer<typeof markSchema>;
export const marksSchema = tableOf(z.array(markSchema).max(maxCount.parts));
export type Marks = z.infer<typeof marksSchema>;
