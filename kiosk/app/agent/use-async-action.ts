import { useRouter } from 'vue-router';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { words } from '../locales/zh-CN.ts';

export const errorOf = createErrorOf(words.trouble);

export const useAsyncAction = () => createAsyncAction(errorOf);

export function useGo() {
  const router = useRouter();
  return (path: string): void => void router.push(path);
}
