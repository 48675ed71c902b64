/**
 * Port: what several requests, and several processes, must not do twice or too often. Each operation is one statement of the
 * database, so that nothing can happen between the look and the act.
 */
export interface Tally {
  /** How many with this one. */
  count: number;
}

export interface Waiting {
  /** Nothing was counted; the next one is taken after so long. */
  retryAfterMs: number;
}

export interface IncrementOptions {
  name: string;
  nowMs: number;
  /** So many go through at once; after each further one the next must wait. Left out: only counted. */
  free?: number;
  /** After the last free one; doubles with each further one. */
  firstWaitMs: number;
  maxWaitMs: number;
  /** Quiet for so long, the count begins anew. */
  forgetMs: number;
}

export interface AtomicRows {
  /** Counts one more, unless one before it must be waited for. */
  increment(options: IncrementOptions): Promise<Tally | Waiting>;
  /** Takes one back, and the wait that it caused. */
  decrement(name: string): Promise<void>;
  /** True for the first to name it, for ever or until it ran out; false for everyone after. */
  reserve(name: string, options: { nowMs: number; untilMs?: number }): Promise<boolean>;
  /** What was reserved and nobody has consumed is free again. */
  release(name: string): Promise<void>;
  /** True for the first holder of what was reserved and has not run out, and for the same one again; false for every other. */
  consume(name: string, options: { holder: string; nowMs: number }): Promise<boolean>;
  /** Removes what has run out. */
  forget(nowMs: number): Promise<void>;
}
