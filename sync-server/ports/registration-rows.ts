/** Port: registrations of main accounts while they are filled in and on their way. */
import { z } from 'zod';
import { pictureLookSchema } from '#domain/contracts/public/registration.ts';
import { maxCount, maxLength } from '#domain/limits.ts';
import { sha256Schema, valuesSchema } from '#domain/primitives.ts';
import { attachedFileSchema } from '#domain/record/schema.ts';

/** A picture as it lies in the blob store: under a key of its own, so that it is gone with this row. */
export const draftFileSchema = attachedFileSchema.extend({
  look: pictureLookSchema.exactOptional(),
  /** Of the encrypted bytes. */
  blob: sha256Schema,
  /** Base64. */
  key: z.string().max(maxLength.name),
});
export type DraftFile = z.infer<typeof draftFileSchema>;

export const draftBodySchema = z.object({
  values: valuesSchema,
  filled: valuesSchema,
  files: z.array(draftFileSchema).max(maxCount.parts),
});
export type DraftBody = z.infer<typeof draftBodySchema>;

export interface StoredRegistration extends DraftBody {
  id: string;
  programme: string;
  type: string;
  handlerId: string;
  recordId?: string;
  updatedAt: string;
  expiresAtMs: number;
}

/** The register's own words, by attribute, with the unit's state. */
export const registerAnswerSchema = z.object({
  entry: z.record(z.string().max(maxLength.name), z.string().max(maxLength.text)),
  state: z.enum(['active', 'revoked', 'cancelled']),
  askedAt: z.iso.datetime(),
});
export type RegisterAnswer = z.infer<typeof registerAnswerSchema>;

export interface RegistrationRows {
  begin(row: StoredRegistration & { tokenSha: string }): Promise<void>;
  /** By the browser's token; not what has run out. */
  findByToken(tokenSha: string, nowMs: number): Promise<StoredRegistration | undefined>;
  find(id: string): Promise<StoredRegistration | undefined>;
  /**
   * One after the other, each seeing what the one before wrote. Undefined, and nothing is written, where it is gone or is no
   * draft any more.
   */
  change(
    id: string,
    make: (before: StoredRegistration) => StoredRegistration,
  ): Promise<StoredRegistration | undefined>;
  /** True for the one who makes the draft a record of this id, with what the register said of the unit. */
  claim(claim: {
    id: string;
    recordId: string;
    answer?: RegisterAnswer | undefined;
    at: string;
    expiresAtMs: number;
  }): Promise<boolean>;
  /** It is a draft again, where it is this record. */
  release(release: { id: string; recordId: string; at: string; expiresAtMs: number }): Promise<void>;
  answerOf(recordId: string): Promise<RegisterAnswer | undefined>;
  ofHandler(idNumber: string, nowMs: number): Promise<StoredRegistration[]>;
  /** The token that it had before is good no more. */
  takeUp(taken: { id: string; tokenSha: string; actor: string; at: string }): Promise<void>;
  /** Answers what its pictures lay under. */
  drop(id: string, at: string): Promise<string[]>;
  /** Some of those that have run out. */
  expired(nowMs: number, limit: number): Promise<string[]>;
}
