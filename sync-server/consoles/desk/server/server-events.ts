/** Hints from the server that a case came or changed. The browser connects again by itself; each connection is announced. */
import type { z } from 'zod';
import { consoleEventSchema } from '#domain/contracts/desk/events.ts';

export type ConsoleEvent = z.infer<typeof consoleEventSchema>;
const types = ['case-opened', 'case-changed'] as const satisfies readonly ConsoleEvent['type'][];

export function listenToServer(options: {
  url: string;
  onEvent: (event: ConsoleEvent) => void;
  onConnected: () => void;
  /** `isFinal`: the browser gave up, for instance since the session ended. */
  onLost: (isFinal: boolean) => void;
}): { close(): void } {
  const source = new EventSource(options.url);
  source.addEventListener('open', options.onConnected);
  source.addEventListener('error', () => options.onLost(source.readyState === EventSource.CLOSED));
  for (const type of types) {
    source.addEventListener(type, (message: MessageEvent<string>) => {
      const parsed = consoleEventSchema.safeParse(JSON.parse(message.data));
      if (parsed.success) options.onEvent(parsed.data);
    });
  }
  return { close: () => source.close() };
}
