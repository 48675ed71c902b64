import { onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import type { Values } from '#domain/primitives.ts';
import type { ShownError } from '#ui/client/failure.ts';
import { errorOf } from '../agent/use-async-action.ts';

const saveAfterMs = 600;

/**
 * A form that saves itself a moment after the last change. What is typed wins over what comes back from the agent until
 * it is saved; `flush` saves now and must be awaited before anything that rests on the values.
 */
export function useAutoSave(options: { source: () => Values; save: (values: Values) => Promise<unknown> }) {
  const values = shallowRef<Values>(options.source());
  const state = ref<'idle' | 'saving' | 'saved'>('idle');
  const trouble = shallowRef<ShownError | undefined>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDirty = false;
  let isOnItsWay = false;
  /** Something came meanwhile. */
  let isNewer = false;
  let saving: Promise<void> = Promise.resolve();

  function set(id: string, value: string): void {
    if ((values.value[id] ?? '') === value) return;
    values.value = { ...values.value, [id]: value };
    isDirty = true;
    state.value = 'saving';
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), saveAfterMs);
  }
  function flush(): Promise<void> {
    clearTimeout(timer);
    if (isDirty) saving = saving.then(saveNow);
    return saving;
  }
  async function saveNow(): Promise<void> {
    if (!isDirty) return;
    isDirty = false;
    isOnItsWay = true;
    const sent = values.value;
    try {
      await options.save(sent);
      trouble.value = undefined;
      state.value = isDirty ? 'saving' : 'saved';
      if (!isDirty && isNewer) values.value = options.source();
    } catch (error) {
      isDirty = true;
      state.value = 'idle';
      trouble.value = errorOf(error);
    } finally {
      isOnItsWay = false;
      isNewer = false;
    }
  }
  // news of the record as it was before may come while the typed is on its way: it takes nothing back
  watch(options.source, (next) => {
    if (isOnItsWay) isNewer = true;
    else if (!isDirty) values.value = next;
  });
  onBeforeUnmount(() => void flush());

  return { values, set, flush, state, trouble };
}
