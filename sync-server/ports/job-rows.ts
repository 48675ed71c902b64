/** Port: work that must happen after a commit. A row per piece, leased, never deleted; what cannot be done is parked with an alarm. */
export type JobKind = 'submission' | 'push';

export interface Job {
  id: string;
  kind: JobKind;
  /** Id of the item. */
  refId: string;
  attempts: number;
}

export interface JobRows {
  /** The next piece that is due, leased to `owner`; undefined when none is. */
  claim(options: { owner: string; nowMs: number; leaseMs: number }): Promise<Job | undefined>;
  /** When the next piece is due, undefined when none waits. */
  nextDueMs(): Promise<number | undefined>;
  /** Back to the queue. `failed` counts an attempt; waiting for something else (`waitsFor`, a record) does not. */
  putBack(
    id: string,
    options: { nextAtMs: number; reason: string; failed: boolean; waitsFor?: string },
  ): Promise<void>;
  /** Out of the queue with an alarm; the queue goes on. */
  park(id: string, options: { reason: string; detail: string; at: string }): Promise<void>;
  /** What a process that died held. Called once at the start, by the only process on this store. */
  releaseAll(): Promise<void>;
}
