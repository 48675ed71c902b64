import { ref, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import { words } from '../locales/zh-CN.ts';
import { RequestFailure, Unreachable } from '#ui/client/failure.ts';
import type { ShownError } from '#ui/client/failure.ts';

export function errorOf(error: unknown): ShownError {
  if (error instanceof RequestFailure) {
    const { message, action, code, traceId } = error.wire;
    return { message, action, code, traceId };
  }
  if (error instanceof Unreachable) return words.trouble.unreachable;
  return words.trouble.unexpected;
}

/** One action at a time with its trouble shown in place; a bug is shown too, and logged whole. */
export function useAsyncAction() {
  const trouble = shallowRef<ShownError | undefined>();
  const isBusy = ref(false);

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

export function useGo() {
  const router = useRouter();
  return (path: string): void => void router.push(path);
}
