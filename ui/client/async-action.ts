import { ref, shallowRef } from 'vue';
import { RequestFailure, Unreachable } from './failure.ts';
import type { ShownError } from './failure.ts';

/** One action at a time, with its trouble kept for showing in place; a bug is shown too, and logged whole. `errorOf`: in the words of the page. */
export function createAsyncAction(errorOf: (error: unknown) => ShownError) {
  const trouble = shallowRef<ShownError | undefined>();
  const isBusy = ref(false);
  let turn = 0;

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
  /**
   * For what asks anew when the person types another word: the newest question alone counts, and begins at once. Undefined where
   * it failed, or where `drop` or a newer question overtook it.
   */
  async function latest<T>(question: () => Promise<T>): Promise<T | undefined> {
    const mine = ++turn;
    isBusy.value = true;
    trouble.value = undefined;
    try {
      const answer = await question();
      return mine === turn ? answer : undefined;
    } catch (error) {
      if (mine === turn) show(error);
      return undefined;
    } finally {
      if (mine === turn) isBusy.value = false;
    }
  }
  /** What is shown is newer than any answer that is still under way. */
  function drop(): void {
    turn += 1;
    isBusy.value = false;
  }
  function show(error: unknown): void {
    trouble.value = errorOf(error);
    if (!(error instanceof RequestFailure) && !(error instanceof Unreachable)) console.error(error);
  }
  function clear(): void {
    trouble.value = undefined;
  }
  return { trouble, isBusy, attempt, latest, drop, show, clear };
}
