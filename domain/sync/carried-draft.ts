/**
 * A draft that was begun at a portal and goes on at a counter. Its code opens it once, for the subject alone whose key this
 * station has shown (subject-feed.ts), and until it is handed in there or given back nobody fills it in at the portal. From
 * version 4 of the protocol; all on /ctl.
 *
 *   take-draft -> the draft        by its code; `id` is that of the record at the station, and of this one way to a counter
 *   draft-file -> piece            an attached file, down
 *   draft-piece -> {}              a file that was added at the counter, up, piece by piece in their order
 *   give-draft -> {}               back to the portal, as it stands then; twice is fine
 *   free-draft -> {}               it was deleted at the counter: the portal has it as it was when it went; without the subject's
 *                                  key, for the station tells it once there is a line again; twice is fine
 *
 * DRAFT_TAKEN_BACK: it was fetched back at the portal meanwhile, or handed in.
 */
import { z } from 'zod';
import { maxCount, maxLength, tableOf } from '../limits.ts';
import { instantSchema, sha256Schema, ulidSchema, valuesSchema } from '../primitives.ts';
import { draftCodeSchema } from '../record/draft-code.ts';
import { attachedFileSchema } from '../record/schema.ts';
import { audienceSchema } from './audience.ts';

/** From this version on the server knows drafts that come to a counter. */
export const carriedDraftsSince = 4;

const wanted = z.string().min(1).max(64);
const entries = {
  answers: z.array(valuesSchema).max(50),
  form: valuesSchema,
  papers: tableOf(valuesSchema),
};

export const takeDraftSchema = z.object({
  audience: audienceSchema,
  /** In which the person is logged in: another's draft stays where it is. */
  programme: wanted,
  code: draftCodeSchema,
});

export const carriedDraftSchema = z.object({
  id: ulidSchema,
  draft: ulidSchema,
  programme: z.string().max(maxLength.name),
  kind: z.string().max(maxLength.name),
  role: z.string().max(maxLength.name),
  changes: ulidSchema.exactOptional(),
  ...entries,
  /** Those of the kind's own attachments; papers are scanned at the counter. */
  files: z.array(attachedFileSchema).max(maxCount.parts),
  at: instantSchema,
});
export type CarriedDraft = z.infer<typeof carriedDraftSchema>;

const fileOfDraft = {
  audience: audienceSchema,
  id: ulidSchema,
  slot: wanted,
  sha: sha256Schema,
  off: z.int().nonnegative(),
};
export const draftFileSchema = z.object(fileOfDraft);
export const draftPieceSchema = z.object({
  ...fileOfDraft,
  name: z.string().min(1).max(200),
  size: z.int().positive(),
  buf: z.custom<Uint8Array>((part) => part instanceof Uint8Array),
});
export const giveDraftSchema = z.object({
  audience: audienceSchema,
  id: ulidSchema,
  ...entries,
  /** All that shall be attached; those that the server has not yet have come as pieces. */
  files: z.array(z.object({ slot: wanted, sha: sha256Schema })).max(maxCount.parts),
});
/** `id`: of the record that this station made of it. */
export const freeDraftSchema = z.object({ id: ulidSchema });
export type GivenDraft = Omit<z.infer<typeof giveDraftSchema>, 'audience'>;

export const carriedDraftEvents = {
  take: 'take-draft',
  file: 'draft-file',
  piece: 'draft-piece',
  give: 'give-draft',
  free: 'free-draft',
} as const;
