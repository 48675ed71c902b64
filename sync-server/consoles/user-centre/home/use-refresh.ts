import { onBeforeUnmount, onMounted } from 'vue';

/** Loads when the page opens and again while it stands: what is confirmed on a phone shows here by itself. */
export function useRefresh(load: () => Promise<unknown>, everyMs = 3_000): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    void load();
    timer = setInterval(() => void load(), everyMs);
  });
  onBeforeUnmount(() => clearInterval(timer));
}
