/** Port: batches of scanned paper, durable when a call returns. One writer: the batches service. */
import type { Batch } from '#domain/batch/schema.ts';

export interface BatchStore {
  get(id: string): Batch | undefined;
  /** Of one subject, newest first. */
  list(creditCode: string): Batch[];
  /** Inserts or replaces; its pages stay as long as it names them. Throws NOT_FOUND for a page that is not stored, STORE_FULL. */
  put(batch: Batch): void;
  /** Destroys the batch and those of its pages that no record has. Twice is fine. */
  remove(id: string): void;
}
