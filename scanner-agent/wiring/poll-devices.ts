import type { LogError } from '../ports/log.ts';

/**
 * Asks again a while after each answer: no driver of a key, a card reader or a scanner tells all of what is plugged in or pulled
 * out. Stops with `opened`.
 */
export function pollDevices(
  opened: AsyncDisposableStack,
  {
    ask,
    everyMs,
    logError,
  }: { ask: (signal: AbortSignal) => Promise<unknown>; everyMs: number; logError: LogError },
): void {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let asking: Promise<void> = Promise.resolve();
  const askOnce = (): void => {
    asking = ask(stopping.signal)
      .then(() => undefined)
      .catch((error: unknown) => logError(error, { in: 'devices' }))
      .finally(() => {
        if (!stopping.signal.aborted) timer = setTimeout(askOnce, everyMs);
      });
  };
  askOnce();
  opened.defer(async () => {
    stopping.abort();
    clearTimeout(timer);
    await asking;
  });
}
