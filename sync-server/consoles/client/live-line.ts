import { ref } from 'vue';
import type { z } from 'zod';
import { isFailure } from '#ui/client/failure.ts';

const againMs = 5_000;

export interface LiveLineOptions<E extends z.ZodType<{ type: string }>> {
  address: string;
  event: E;
  types: readonly z.output<E>['type'][];
  onEvent: (event: z.output<E>) => void;
  /** The line is there again: what was shown before may be old. */
  onBack: () => void;
  /** Whether somebody is still signed in: throws UNAUTHENTICATED where nobody is. */
  ask: () => Promise<unknown>;
}

/** Hints from the server while somebody is signed in. The browser connects again by itself; after a gap everything shown is read anew. */
export function createLiveLine<E extends z.ZodType<{ type: string }>>(options: LiveLineOptions<E>) {
  const isConnected = ref(false);
  let source: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  function start(): void {
    stop();
    const mine = new EventSource(options.address);
    source = mine;
    let wasLost = false;
    mine.addEventListener('open', () => {
      isConnected.value = true;
      if (wasLost) options.onBack();
    });
    mine.addEventListener('error', () => {
      wasLost = true;
      isConnected.value = false;
      if (mine.readyState === EventSource.CLOSED) tryAgain();
    });
    for (const type of options.types)
      mine.addEventListener(type, ({ data }: MessageEvent<string>) => {
        const parsed = options.event.safeParse(JSON.parse(data));
        if (parsed.success) options.onEvent(parsed.data);
      });
  }
  /** The browser does not try again after a refusal: asking tells whether the session ended or the server was away. */
  function tryAgain(): void {
    again = setTimeout(() => {
      options.ask().then(
        () => {
          start();
          options.onBack();
        },
        (error: unknown) => {
          if (!isFailure(error, 'UNAUTHENTICATED')) tryAgain();
        },
      );
    }, againMs);
  }
  function stop(): void {
    clearTimeout(again);
    source?.close();
    source = undefined;
    isConnected.value = false;
  }
  return { isConnected, start, stop };
}
