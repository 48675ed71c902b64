/** Port: stacks of scanned paper, durable when a call returns. One writer: the stacks service. */
import type { Stack } from '#domain/stack/schema.ts';

export interface StackStore {
  get(id: string): Stack | undefined;
  /** Of one subject, newest first. */
  list(creditCode: string): Stack[];
  /** Inserts or replaces; its pages stay as long as it names them. Throws NOT_FOUND for a page that is not stored, STORE_FULL. */
  put(stack: Stack): void;
  /** Destroys the stack and those of its pages that no record has. Twice is fine. */
  remove(id: string): void;
}
