/**
 * Sets this process's clock: `Date` runs on from `startsAt`. What is kept in a fixture grows old while the tests stay, and
 * certificates, drafts and sessions run out. Answers the way back.
 */
export function shiftDate(startsAt: string): () => void {
  const real = Date;
  const shiftMs = real.parse(startsAt) - real.now();
  globalThis.Date = new Proxy(real, {
    construct: (target, args: unknown[]) =>
      args.length === 0 ? new target(target.now() + shiftMs) : (Reflect.construct(target, args) as Date),
    apply: (target) => new target(target.now() + shiftMs).toString(),
    get: (target, key) =>
      key === 'now' ? () => target.now() + shiftMs : (Reflect.get(target, key) as unknown),
  });
  return () => {
    globalThis.Date = real;
  };
}
