import { ref, shallowRef } from 'vue';
import { RequestFailure, Unreachable } from './failure.ts';
import type { ShownError } from './failure.ts';

/** One action at a time, with its trouble kept for showing in place; a bug is shown too, and logged whole. `errorOf`: in the words of the page. */
export function createAsyncAction(errorOf: (error: unknown) => ShownError) {
  const trouble = shallowRef<ShownError | undefined>();
  const isBusy = ref(false);

  /** Undefined where it failed, or where another one is still at work. */
  async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    if (isBusy.value) return undefined;
    isBusy.value = true;
    trouble.value = undefined;
    try {
      return await action();
    } catch (error) {
      show(error);
      return undefined;
    } finally {
      isBusy.value = false;
    }
  }
  function show(error: unknown): void {
    trouble.value = errorOf(error);
    if (!(error instanceof RequestFailure) && !(error instanceof Unreachable)) console.error(error);
  }
  function clear(): void {
    trouble.value = undefined;
  }
  return { trouble, isBusy, attempt, show, clear };
}
