/** Lights and the evidence they rest on. */
import { z } from 'zod';
import { maxLength, maxCount } from '../limits.ts';
import { markSchema } from '../reading/schema.ts';

export const lightColourSchema = z.enum(['green', 'yellow', 'red']);
export type LightColour = z.infer<typeof lightColourSchema>;

/**
 * How well the picture supports a claimed text.
 * `support` is log P(claim) - log P(best free reading), natural log, at most about 0;
 * `rivalMargin` is log P(claim) - log P(nearest rival), positive when the claim beats every rival;
 * `probability` 0..1 is the calibrated probability that the paper says exactly the claim.
 */
export const claimScoreSchema = z.object({
  probability: z.number().min(0).max(1),
  support: z.number(),
  rivalMargin: z.number(),
  rival: z.string().max(maxLength.text).optional(),
  /** The form of the claim that was scored, as it may stand on paper: what the rival is to be held against. */
  form: z.string().max(maxLength.text).optional(),
  /** Text goes on beyond the marks' edge without a gap: they show a part of something. */
  goesOn: z.literal(true).exactOptional(),
  freeReading: z.string().max(maxLength.text),
  freeConfidence: z.number().min(0).max(1),
  modelHash: z.string().max(maxLength.name),
});
export type ClaimScore = z.infer<typeof claimScoreSchema>;

export const reasonCodeSchema = z.enum([
  'agrees',
  'agrees-with-chip',
  'not-compared',
  'value-missing',
  'mark-missing',
  'unreadable',
  'place-guessed',
  'mark-cuts-line',
  'uncertain',
  'deviates',
  'deviates-from-chip',
  'check-digit-wrong',
  'value-invalid',
  'expired',
  'not-yet-valid',
  'other-subject',
  'code-differs',
  'contradicts-choice',
  'other-line',
]);
export type ReasonCode = z.infer<typeof reasonCodeSchema>;

/** `text` is Chinese, for the applicant: what is wrong and what to do. */
export const reasonSchema = z.object({ code: reasonCodeSchema, text: z.string().max(maxLength.text) });
export type Reason = z.infer<typeof reasonSchema>;

/** The cut of the marks that the score was made of; `sha` names the JPEG. */
export const cropSchema = z.object({
  page: z.int().nonnegative(),
  sha: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().positive(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
});
export type Crop = z.infer<typeof cropSchema>;

/** What the check saw of one field. `recognised` is what the reader makes of the marks (empty when nothing). */
export const fieldEvidenceSchema = z.object({
  claim: z.string().max(maxLength.text),
  marks: z.array(markSchema).max(maxCount.parts),
  recognised: z.string().max(maxLength.text),
  chip: z.string().max(maxLength.text).optional(),
  /** What the codes on the marked pages say, for a field that the document compares with a code. */
  codes: z.array(z.string().max(maxLength.text)).max(maxCount.parts).optional(),
  score: claimScoreSchema.optional(),
  crop: cropSchema.optional(),
});
export type FieldEvidence = z.infer<typeof fieldEvidenceSchema>;

export const fieldVerdictSchema = z.object({
  field: z.string().max(maxLength.name),
  label: z.string().max(maxLength.name),
  weight: z.enum(['key', 'digital', 'plain']),
  /** 用户填写数据, in display form. */
  claimed: z.string().max(maxLength.text),
  /** 证件识别数据, in display form; empty when nothing was read. */
  recognised: z.string().max(maxLength.text),
  /** Undefined for plain fields: they are not compared. */
  light: lightColourSchema.optional(),
  reasons: z.array(reasonSchema).max(maxCount.parts),
});
export type FieldVerdict = z.infer<typeof fieldVerdictSchema>;

export const materialVerdictSchema = z.object({
  light: lightColourSchema,
  fields: z.array(fieldVerdictSchema).max(maxCount.parts),
});
export type MaterialVerdict = z.infer<typeof materialVerdictSchema>;

/** A field that station and server judge differently; a light is absent where the field was not compared. */
export const fieldDifferenceSchema = z.object({
  field: z.string().max(maxLength.name),
  label: z.string().max(maxLength.name),
  station: lightColourSchema.exactOptional(),
  server: lightColourSchema.exactOptional(),
  stationProbability: z.number().exactOptional(),
  serverProbability: z.number().exactOptional(),
});
export type FieldDifference = z.infer<typeof fieldDifferenceSchema>;
