import type { Log } from '../ports/surroundings.ts';

const windowMs = 60_000;
/** Of one kind in a minute, before the rest is only counted. */
const maxLines = 5;
const maxKinds = 200;

/**
 * Refused requests cost nothing, so a flood of them must not fill the log: of each kind a few lines a minute are written, the
 * others are counted and told in one line when the minute is over.
 */
export function createRefusalLog(log: Pick<Log, 'warn'>, nowMs: () => number = () => performance.now()) {
  const kinds = new Map<string, { about: Record<string, unknown>; count: number }>();
  let endsAt = 0;

  function tellAll(): void {
    for (const { about, count } of kinds.values())
      if (count > maxLines)
        log.warn({ ...about, more: count - maxLines, withinMs: windowMs }, 'more were refused');
    kinds.clear();
  }
  return {
    /** `kind`: what is counted together; `context`: what stands in a line of its own besides. */
    refused(message: string, kind: Record<string, unknown>, context: Record<string, unknown>): void {
      if (nowMs() >= endsAt) {
        tellAll();
        endsAt = nowMs() + windowMs;
      }
      const wanted = JSON.stringify([message, kind]);
      const known = kinds.has(wanted) || kinds.size < maxKinds;
      const key = known ? wanted : 'other';
      const entry = kinds.get(key) ?? { about: known ? kind : { code: 'other' }, count: 0 };
      entry.count += 1;
      kinds.set(key, entry);
      if (entry.count <= maxLines) log.warn({ ...context, ...kind }, message);
    },
    /** What was only counted is told before the process ends. */
    flush: tellAll,
  };
}
