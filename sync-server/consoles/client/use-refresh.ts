import { onBeforeUnmount, onMounted } from 'vue';

/** Loads when the page opens and again while it stands: for what nobody announces to it. */
export function useRefresh(load: () => Promise<unknown>, everyMs = 15_000): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    void load();
    timer = setInterval(() => void load(), everyMs);
  });
  onBeforeUnmount(() => clearInterval(timer));
}
