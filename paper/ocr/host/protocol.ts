/** What the client and its child process say to each other (advanced serialization: typed arrays travel as they are). */
import { z } from 'zod';
import type { Quad } from '#domain/reading/schema.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { ClaimQuestion, PaperSize, StraightPage } from '../../ports/paper-reader.ts';

export type HostJob =
  | { kind: 'open'; bytes: Uint8Array; paperSizes?: PaperSize[]; corners?: Quad; scannedAtDpi?: number }
  | { kind: 'read'; jpeg: Uint8Array }
  | { kind: 'codes'; jpeg: Uint8Array }
  | { kind: 'score'; jpeg: Uint8Array; questions: ClaimQuestion[] }
  | { kind: 'cut'; jpeg: Uint8Array; marks: Quad[][][] }
  | { kind: 'hint'; jpeg: Uint8Array }
  | { kind: 'describe' };

export type ToHost =
  { kind: 'job'; id: number; job: HostJob } | { kind: 'cancel'; id: number } | { kind: 'stop' };

export type FromHost =
  | { kind: 'ready' }
  | { kind: 'page'; id: number; page: StraightPage; total: number }
  | { kind: 'done'; id: number; result: unknown }
  /** `code` is undefined for bugs, whose text is for the log alone. */
  | { kind: 'failed'; id: number; code?: ErrorCode; details: Record<string, unknown>; text: string };

/** Handed to the child on its command line. */
export const hostSettingsSchema = z.object({
  modelFolder: z.string(),
  /** Holds page-finder.json. */
  finderFolder: z.string(),
  packId: z.string().optional(),
  threads: z.int().positive(),
});
export type HostSettings = z.infer<typeof hostSettingsSchema>;
