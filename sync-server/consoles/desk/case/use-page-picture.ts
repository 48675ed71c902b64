import { onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import { useServer } from '../server/provide-server.ts';
import type { PagePlace } from '../server/server-client.ts';
import { errorOf } from '../server/server-failure.ts';
import type { ShownError } from '#ui/client/failure.ts';

/** Address of a page's picture while it is shown; late answers lose, and no picture outlives its place. */
export function usePagePicture(place: () => PagePlace | undefined) {
  const server = useServer();
  const src = ref<string | undefined>();
  const trouble = shallowRef<ShownError | undefined>();
  let running: AbortController | undefined;

  function forget(): void {
    running?.abort();
    if (src.value !== undefined) URL.revokeObjectURL(src.value);
    src.value = undefined;
    trouble.value = undefined;
  }
  async function load(): Promise<void> {
    forget();
    const wanted = place();
    if (!wanted) return;
    const mine = new AbortController();
    running = mine;
    try {
      const picture = await server.page(wanted, mine.signal);
      if (!mine.signal.aborted) src.value = URL.createObjectURL(picture);
    } catch (error) {
      if (!mine.signal.aborted) trouble.value = errorOf(error);
    }
  }
  watch(() => JSON.stringify(place()), load, { immediate: true });
  onBeforeUnmount(forget);
  return { src, trouble, load };
}
