import { onScopeDispose, ref } from 'vue';

/** Whole seconds until something may be asked for again; nought: now. */
export function useCountdown() {
  const seconds = ref(0);
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => clearInterval(timer);

  function start(ms: number): void {
    seconds.value = Math.ceil(ms / 1000);
    stop();
    timer = setInterval(() => {
      seconds.value -= 1;
      if (seconds.value <= 0) stop();
    }, 1000);
  }
  onScopeDispose(stop);
  return { seconds, start };
}
