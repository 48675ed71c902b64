import { ref, shallowRef } from 'vue';
import { errorOf } from './server-failure.ts';
import type { ShownError } from '#ui/client/failure.ts';

/** Runs something that may fail, one at a time; what went wrong is kept for showing. */
export function useAsyncAction() {
  const trouble = shallowRef<ShownError | undefined>();
  const isBusy = ref(false);

  async function run(work: () => Promise<void>): Promise<void> {
    if (isBusy.value) return;
    isBusy.value = true;
    trouble.value = undefined;
    try {
      await work();
    } catch (error) {
      trouble.value = errorOf(error);
    } finally {
      isBusy.value = false;
    }
  }
  return { trouble, isBusy, run };
}
