/** What the client and its child process say to each other (advanced serialization: typed arrays travel as they are). */
import { z } from 'zod';
import type { Quad } from '#domain/reading/schema.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type {
  PageContent,
  PageQuestions,
  PageReading,
  PaperSize,
  StraightPage,
} from '../../ports/paper-reader.ts';

export type HostJob =
  | {
      kind: 'open';
      bytes: Uint8Array;
      reads: readonly PageContent[];
      codePages?: number;
      paperSizes?: PaperSize[];
      corners?: Quad;
      scannedAtDpi?: number;
    }
  | { kind: 'read'; jpeg: Uint8Array; reads: readonly PageContent[] }
  | { kind: 'examine'; jpeg: Uint8Array; questions: PageQuestions }
  | { kind: 'hint'; jpeg: Uint8Array }
  | { kind: 'describe' };

export type ToHost =
  { kind: 'job'; id: number; job: HostJob } | { kind: 'cancel'; id: number } | { kind: 'stop' };

export type FromHost =
  | { kind: 'ready' }
  | { kind: 'page'; id: number; page: StraightPage; total: number }
  /** Of the page sent last; without a reading where there is nothing to read or reading failed. */
  | { kind: 'reading'; id: number; reading?: PageReading }
  /** A bug that cost one page its reading, for the log. */
  | { kind: 'trouble'; text: string }
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
