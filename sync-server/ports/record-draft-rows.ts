/** Port: what is filled in at portals and not handed in yet. */
import { z } from 'zod';
import type { Subject } from '#domain/primitives.ts';
import { maxCount, maxLength, tableOf } from '#domain/limits.ts';
import { sha256Schema, valuesSchema } from '#domain/primitives.ts';
import { attachedFileSchema } from '#domain/record/schema.ts';

/** `blob`, `key`: where it lies, encrypted; without them it is a file of the record that is changed. */
export const heldFileSchema = attachedFileSchema.extend({
  blob: sha256Schema.exactOptional(),
  key: z.string().max(maxLength.name).exactOptional(),
});
export type HeldFile = z.infer<typeof heldFileSchema>;

export const recordDraftBodySchema = z.object({
  subjectName: z.string().max(maxLength.name),
  answers: z.array(valuesSchema).max(maxCount.parts),
  form: valuesSchema,
  papers: tableOf(valuesSchema),
  files: z.array(heldFileSchema).max(maxCount.parts),
});
export type RecordDraftBody = z.infer<typeof recordDraftBodySchema>;

/** `id`: of the record that the counter makes of it. */
export interface Carrying {
  id: string;
  stationId: string;
  at: string;
  /** Since then it is the portal's again. */
  givenAt?: string;
}

export interface DraftWithCode {
  draft: StoredDraft;
  code: { expiresAtMs: number; isUsed: boolean };
}

export interface StoredDraft extends RecordDraftBody {
  id: string;
  programme: string;
  kind: string;
  role: string;
  subject: Pick<Subject, 'kind' | 'creditCode'>;
  /** The record whose place it will take. */
  changes?: string;
  /** Who began it. */
  account: string;
  /** The counter that had it last. */
  carrying?: Carrying;
  revision: number;
  createdAt: string;
  updatedAt: string;
  expiresAtMs: number;
}

export interface RecordDraftRows {
  /** False, and nothing is kept, where that record is being changed already. */
  begin(draft: StoredDraft): Promise<boolean>;
  find(id: string): Promise<StoredDraft | undefined>;
  findChanging(recordId: string): Promise<StoredDraft | undefined>;
  /** Newest first. */
  ofSubject(wanted: {
    programme: string;
    kind: string;
    subject: Pick<Subject, 'kind' | 'creditCode'>;
    limit: number;
  }): Promise<StoredDraft[]>;
  /** One transaction. Undefined where it is gone; what `make` throws ends it. The revision is raised. */
  change(id: string, make: (before: StoredDraft) => StoredDraft): Promise<StoredDraft | undefined>;
  /** In the place of an earlier code. False where the draft is gone. */
  setCode(id: string, code: { sha: string; expiresAtMs: number }): Promise<boolean>;
  findByCode(sha: string): Promise<DraftWithCode | undefined>;
  /** One transaction, of which one at a time is at this code: it is used. Undefined where no draft has it; what `make` throws ends it. */
  useCode(
    sha: string,
    used: { at: string; make: (before: DraftWithCode) => Carrying },
  ): Promise<StoredDraft | undefined>;
  findCarried(id: string): Promise<StoredDraft | undefined>;
  /** Blobs that are nobody's now. `noting`: it was thrown away by somebody, and is noted. */
  drop(id: string, noting?: { actor: string; at: string }): Promise<string[]>;
  /** Those whose time is over, and those that a counter has handed in. */
  expired(nowMs: number, limit: number): Promise<string[]>;
}
