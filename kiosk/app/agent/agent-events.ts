/** The agent's events; the browser reconnects by itself, and each connection is announced so that state is read anew. */
import { agentEventSchema } from '#domain/contracts/kiosk/events.ts';
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';

const types = agentEventSchema.options.map(({ shape }) => shape.type.value);

export function listenToAgent(options: {
  url: string;
  onEvent: (event: AgentEvent) => void;
  onConnected: () => void;
  onLost: () => void;
}): { close(): void } {
  const source = new EventSource(options.url);
  source.addEventListener('open', options.onConnected);
  source.addEventListener('error', options.onLost);
  for (const type of types) {
    source.addEventListener(type, (message: MessageEvent<string>) => {
      const data: unknown = JSON.parse(message.data);
      const parsed = agentEventSchema.safeParse(withType(data, type));
      if (parsed.success) options.onEvent(parsed.data);
    });
  }
  return { close: () => source.close() };
}

/** The event's name repeats the type; either place will do. */
function withType(data: unknown, type: string): unknown {
  return typeof data === 'object' && data !== null && !('type' in data) ? { type, ...data } : data;
}
