/**
 * Port: who asks just now, and from where, for the lines of the log. It follows a request through every service down to the
 * transaction that does the act: an act whose line lacked it would be one of nobody from nowhere.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from '#domain/accounts/schema.ts';

export interface Asking {
  actor: Actor;
  address: string;
  /** What the browser calls itself. */
  device: string;
}

/** Run by the transport around each handler; empty for jobs and commands. */
export const asking = new AsyncLocalStorage<Asking>();
