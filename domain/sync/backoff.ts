/** Waiting between attempts: doubling with full jitter, so that a hall full of stations does not come back at once. */
export const backoff = { firstMs: 1_000, maxMs: 60_000 } as const;

/**
 * `attempt` counts from 1; `random` yields 0 (inclusive) to 1 (exclusive).
 * The answer lies between 1 s and the doubled ceiling, at most 60 s. Attempts never run out.
 */
export function nextDelayMs(attempt: number, random: () => number): number {
  const doublings = Math.min(Math.max(Math.trunc(attempt), 1) - 1, 16);
  const ceilingMs = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (doublings + 1));
  return Math.round(backoff.firstMs + random() * (ceilingMs - backoff.firstMs));
}
