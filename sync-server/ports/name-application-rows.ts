/** Port: what an operator fills in and hands in so that the company's administrator finds the real name right. */
import { z } from 'zod';
import { maxCount } from '#domain/limits.ts';
import { draftFileSchema } from './registration-rows.ts';
import type { DraftFile } from './registration-rows.ts';

export const applicationBodySchema = z.object({ files: z.array(draftFileSchema).max(maxCount.parts) });

export interface StoredApplication {
  account: string;
  programme: string;
  files: readonly DraftFile[];
  /** As which it was filed. */
  recordId?: string;
  expiresAtMs: number;
}

export interface NameApplicationRows {
  find(account: string): Promise<StoredApplication | undefined>;
  /** One after the other, each seeing the files that the one before left. Undefined, and nothing is written, where it is filed. */
  change(
    draft: { account: string; programme: string; at: string; expiresAtMs: number },
    make: (files: readonly DraftFile[]) => readonly DraftFile[],
  ): Promise<StoredApplication | undefined>;
  /** True for the one who makes the draft a record of this id. */
  claim(claim: { account: string; recordId: string; at: string; expiresAtMs: number }): Promise<boolean>;
  /** A draft again, where it is this record. */
  release(release: { account: string; recordId: string; at: string; expiresAtMs: number }): Promise<void>;
  expired(nowMs: number, limit: number): Promise<string[]>;
  /** Answers what its pictures lay under. */
  drop(account: string): Promise<string[]>;
}
