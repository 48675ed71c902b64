import { onBeforeUnmount, onMounted, watch } from 'vue';

/** Loads when the page opens and whenever what it shows has `changed`; `everyMs`: also for what time alone changes. */
export function useRefresh(
  load: () => Promise<unknown>,
  changed: () => unknown,
  { everyMs }: { everyMs?: number } = {},
): void {
  let isLoading = false;
  let isDue = false;
  /** What changes while it is asked for may not be in the answer. */
  async function refresh(): Promise<void> {
    isDue = true;
    if (isLoading) return;
    isLoading = true;
    while (isDue) {
      isDue = false;
      await load().catch(() => undefined);
    }
    isLoading = false;
  }
  onMounted(refresh);
  watch(changed, refresh);
  if (everyMs === undefined) return;
  const timer = setInterval(() => void refresh(), everyMs);
  onBeforeUnmount(() => clearInterval(timer));
}
