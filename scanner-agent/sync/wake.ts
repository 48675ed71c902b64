/** A flag that can be waited for. Raised while nobody waits, it is not lost. Time is monotonic: timers do not know the wall clock. */
export interface WakeSignal {
  raise: () => void;
  clear: () => void;
  /** Resolves when raised (and clears it), when the time is up, or when aborted: the caller looks at what to do. */
  wait: (options: { signal: AbortSignal; timeoutMs: number }) => Promise<void>;
}

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

export function createSignal(): WakeSignal {
  let isRaised = false;
  const waiting = new Set<() => void>();
  return {
    raise() {
      isRaised = true;
      for (const wake of waiting) wake();
    },
    clear() {
      isRaised = false;
    },
    async wait({ signal, timeoutMs }) {
      if (!isRaised && !signal.aborted)
        await new Promise<void>((resolve) => {
          const wake = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', wake);
            waiting.delete(wake);
            resolve();
          };
          const timer = setTimeout(wake, Math.min(timeoutMs, longestTimerMs));
          signal.addEventListener('abort', wake, { once: true });
          waiting.add(wake);
        });
      isRaised = false;
    },
  };
}
