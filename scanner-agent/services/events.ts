/** What happened at the station, for every open page. Events announce and do not steer. */
import type { AgentEvent } from '#domain/contracts/kiosk/events.ts';

export interface Events {
  /** `of`: the credit code of the subject that it is about; nobody else hears of it. */
  announce: (event: AgentEvent, of?: string) => void;
  /** Returns the way to stop. */
  subscribe: (listener: (event: AgentEvent, of: string | undefined) => void) => () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: AgentEvent, of: string | undefined) => void>();
  return {
    announce(event, of) {
      for (const listener of listeners) listener(event, of);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
