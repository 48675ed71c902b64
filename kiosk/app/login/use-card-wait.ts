import { onScopeDispose, ref } from 'vue';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import { useAsyncAction } from '../agent/use-async-action.ts';

/** Waits for a card until one was read, the person goes back, or the page is left: then the reader is let go. */
export function useCardWait(options: {
  start: (signal: AbortSignal) => Promise<Session>;
  onSession: (session: Session) => void;
}) {
  const { trouble, attempt } = useAsyncAction();
  const isWaiting = ref(false);
  let stopping: AbortController | undefined;

  async function wait(): Promise<void> {
    stop();
    const own = new AbortController();
    stopping = own;
    isWaiting.value = true;
    const session = await attempt(async () => {
      try {
        return await options.start(own.signal);
      } catch (error) {
        if (own.signal.aborted) return undefined;
        throw error;
      }
    });
    if (stopping !== own) return;
    isWaiting.value = false;
    if (session) options.onSession(session);
  }
  function stop(): void {
    stopping?.abort();
    stopping = undefined;
    isWaiting.value = false;
  }
  onScopeDispose(stop);
  return { trouble, isWaiting, wait, stop };
}
