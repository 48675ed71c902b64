/** Port: work that must happen after a commit. A row per piece, leased, never deleted; what cannot be done is parked with an alarm. */
export type JobKind = 'submission' | 'push' | 'delivery';

export interface Job {
  id: string;
  kind: JobKind;
  /** Id of the item; of the case for a delivery. */
  refId: string;
  attempts: number;
}

export interface JobRows {
  /** The next piece that is due, leased to `owner`; undefined when none is. */
  claim(options: { owner: string; nowMs: number; leaseMs: number }): Promise<Job | undefined>;
  /** When the next piece is due or the next lease ends, undefined when there is neither. */
  nextDueMs(): Promise<number | undefined>;
  /** The work goes on: nobody else may take the piece before `untilMs`. */
  renew(id: string, options: { owner: string; untilMs: number }): Promise<void>;
  /** One transaction: the piece is done and its effect noted, once. */
  finish(id: string, options: { effect: string; refId: string; at: string }): Promise<void>;
  /** Back to the queue, if `owner` still has it. `failed` counts an attempt; waiting for something else (`waitsFor`, a record) does not. */
  putBack(
    id: string,
    options: { owner: string; nextAtMs: number; reason: string; failed: boolean; waitsFor?: string },
  ): Promise<void>;
  /** Out of the queue with an alarm, if `owner` still has it; the queue goes on. */
  park(id: string, options: { owner: string; reason: string; detail: string; at: string }): Promise<void>;
  /** What a process that died held. Called once at the start by the only process on this store, never by one of several. */
  releaseAll(): Promise<void>;
}
