/** Port: which records stand in another's file by the engine's own links. */
import type { RecordLinks } from '#domain/record/links.ts';

export interface LinkRows {
  /** By record; none for one to which nothing is, and never was, tied. All of a list in one question: they share their subject's records. */
  of(recordIds: readonly string[]): Promise<ReadonlyMap<string, RecordLinks>>;
}
