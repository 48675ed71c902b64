import { useRouter } from 'vue-router';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { RequestFailure, Unreachable } from '#ui/client/failure.ts';
import type { ShownError } from '#ui/client/failure.ts';
import { words } from '../locales/zh-CN.ts';

export function errorOf(error: unknown): ShownError {
  if (error instanceof RequestFailure) {
    const { message, action, code, traceId } = error.wire;
    return { message, action, code, traceId };
  }
  if (error instanceof Unreachable) return words.trouble.unreachable;
  return words.trouble.unexpected;
}

export const useAsyncAction = () => createAsyncAction(errorOf);

export function useGo() {
  const router = useRouter();
  return (path: string): void => void router.push(path);
}
