/** Port: which records stand in another's file by the engine's own links. */
import type { RecordLinks } from '#domain/record/links.ts';

export interface LinkRows {
  /** Undefined where nothing is, and never was, tied to the record. */
  of(recordId: string): Promise<RecordLinks | undefined>;
}
