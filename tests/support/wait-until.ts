/** Waits for a condition, not for a time. Throws with the last answer when the time is up. */
export async function waitUntil<T>(
  look: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = 15_000, everyMs = 20, what = 'the condition' } = options;
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await look();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`${what} did not come true within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
