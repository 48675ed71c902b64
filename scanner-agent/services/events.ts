/** What happened at the station, for every open page. Events announce and do not steer. */
import type { AgentEvent } from '#domain/contracts/kiosk-agent.ts';

export interface Events {
  announce: (event: AgentEvent) => void;
  /** Returns the way to stop. */
  subscribe: (listener: (event: AgentEvent) => void) => () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: AgentEvent) => void>();
  return {
    announce(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
