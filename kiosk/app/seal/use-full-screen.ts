import { onScopeDispose, ref } from 'vue';

/**
 * 全屏: the whole page, so that what opens over it is seen too. Where the browser refuses (the counter's own window fills the
 * screen already), `isFull` alone says that everything else gives way.
 */
export function useFullScreen() {
  const isFull = ref(false);
  const follow = (): void => {
    if (!document.fullscreenElement) isFull.value = false;
  };
  async function leave(): Promise<void> {
    isFull.value = false;
    if (document.fullscreenElement) await document.exitFullscreen().catch(() => undefined);
  }
  async function toggle(): Promise<void> {
    if (isFull.value) return leave();
    await document.documentElement.requestFullscreen().catch(() => undefined);
    isFull.value = true;
  }
  document.addEventListener('fullscreenchange', follow);
  onScopeDispose(() => {
    document.removeEventListener('fullscreenchange', follow);
    void leave();
  });
  return { isFull, toggle, leave };
}
