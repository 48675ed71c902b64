import { onBeforeUnmount, onMounted } from 'vue';

const refreshMs = 15_000;

/** Loads when the page opens and again every 15 s while it stands: for what nobody announces. */
export function useRefresh(load: () => Promise<void>): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    void load();
    timer = setInterval(() => void load(), refreshMs);
  });
  onBeforeUnmount(() => clearInterval(timer));
}
