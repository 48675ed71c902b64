import { computed, onScopeDispose, ref } from 'vue';
import { loginTicketRoutes, ticketEventSchema } from '#domain/contracts/public/login-tickets.ts';
import type { TicketPurpose, TicketState } from '#domain/contracts/public/login-tickets.ts';
import { address, ask, useAction } from './server-client.ts';

/** Nobody looks at a page for longer without touching it: then the code is shown again when it is asked for. */
const maxRenewals = 30;

export interface LoginTicketOptions {
  programme: () => string;
  purpose: TicketPurpose;
  /** The person has said yes on the phone: the browser may go on, once. */
  onChosen: () => Promise<void>;
}

/**
 * The code that this browser shows, and how it stands with it, told by the server as it happens. A code that has run out is
 * replaced by the next one, where somebody looks at the page.
 */
export function useLoginTicket({ programme, purpose, onChosen }: LoginTicketOptions) {
  const { trouble, isBusy, attempt } = useAction();
  const state = ref<TicketState>();
  const path = ref<string>();
  const link = computed(() =>
    path.value === undefined ? undefined : new URL(path.value, window.location.origin).href,
  );
  let source: EventSource | undefined;
  let renewals = 0;

  function stop(): void {
    source?.close();
    source = undefined;
    document.removeEventListener('visibilitychange', renewWhenSeen);
  }

  async function show(): Promise<void> {
    stop();
    await attempt(async () => {
      const made = await ask(loginTicketRoutes.makeTicket, {
        body: { programme: programme(), purpose },
      });
      path.value = made.path;
      state.value = 'waiting';
      listen();
    });
  }

  function listen(): void {
    source = new EventSource(address(loginTicketRoutes.ticketEvents));
    source.addEventListener('ticket', ({ data }: MessageEvent<string>) => {
      const event = ticketEventSchema.parse(JSON.parse(data));
      state.value = event.state;
      if (event.state === 'chosen') void goOn();
      if (event.state === 'expired') renew();
      if (['used', 'refused', 'expired'].includes(event.state)) source?.close();
    });
    // the browser gives up where the server does not know the ticket any more
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED && state.value !== 'chosen') state.value = 'expired';
    });
  }

  function renew(): void {
    renewals += 1;
    if (renewals > maxRenewals) return;
    if (document.visibilityState === 'visible') void show();
    else document.addEventListener('visibilitychange', renewWhenSeen);
  }
  function renewWhenSeen(): void {
    if (document.visibilityState === 'visible') void show();
  }

  async function goOn(): Promise<void> {
    source?.close();
    await attempt(onChosen);
    if (trouble.value) state.value = 'refused';
  }

  onScopeDispose(stop);
  return {
    state,
    link,
    trouble,
    isBusy,
    /** Also in place of one that has run out, or of one that a phone has scanned. */
    show: async (): Promise<void> => {
      renewals = 0;
      await show();
    },
  };
}
