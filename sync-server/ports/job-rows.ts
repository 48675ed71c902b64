/** Port: work that must happen after a commit. A row per piece, leased, never deleted; what cannot be done is parked with an alarm. */
export type JobKind = 'submission' | 'push' | 'withdrawal' | 'release' | 'case' | 'delivery';

export interface Job {
  id: string;
  kind: JobKind;
  /** Id of the item; of the case for a delivery; workflow and record, with a space between, for a case. */
  refId: string;
  /** Times that it was claimed, this one too: also those whose process ended before it could say anything. */
  attempts: number;
}

export interface JobRows {
  /**
   * The next piece that is due, leased to `owner` and counted; undefined when none is. `againMs(attempts)`: how long it rests
   * where its process ends and so says nothing more about it.
   */
  claim(options: {
    owner: string;
    nowMs: number;
    leaseMs: number;
    againMs: (attempts: number) => number;
  }): Promise<Job | undefined>;
  /** When the next piece is due or the next lease ends, undefined when there is neither. */
  nextDueMs(): Promise<number | undefined>;
  /** The work goes on: nobody else may take the piece before `untilMs`. */
  renew(id: string, options: { owner: string; untilMs: number }): Promise<void>;
  /** One transaction: the piece is done and its effect noted, once. */
  finish(id: string, options: { effect: string; refId: string; at: string }): Promise<void>;
  /** Back to the queue, if `owner` still has it. Waiting for something else (`waitsFor`, a record; not `failed`) takes the count back. */
  putBack(
    id: string,
    options: { owner: string; nextAtMs: number; reason: string; failed: boolean; waitsFor?: string },
  ): Promise<void>;
  /** Out of the queue with an alarm, if `owner` still has it; the queue goes on. */
  park(id: string, options: { owner: string; reason: string; detail: string; at: string }): Promise<void>;
  /** What a process that died held. Called once at the start by the only process on this store, never by one of several. */
  releaseAll(): Promise<void>;
}
