import { ref, watch } from 'vue';
import type { Ref } from 'vue';

/** What was typed stays while the tab is open: reading an agreement, or a reload, loses nothing. */
export function useEntered(name: string): Ref<string> {
  const key = `entered-${name}`;
  const value = ref(sessionStorage.getItem(key) ?? '');
  watch(value, (next) => sessionStorage.setItem(key, next));
  return value;
}
