import { defineStore, storeToRefs } from 'pinia';
import { shallowRef } from 'vue';

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly accept?: string;
  readonly refuse?: string;
  readonly danger?: boolean;
}

const useAskStore = defineStore('ask', () => {
  const question = shallowRef<Question | undefined>();
  let settle: ((yes: boolean) => void) | undefined;

  function ask(next: Question): Promise<boolean> {
    settle?.(false);
    question.value = next;
    return new Promise((resolve) => (settle = resolve));
  }
  function answer(yes: boolean): void {
    question.value = undefined;
    settle?.(yes);
    settle = undefined;
  }
  return { question, ask, answer };
});

/** `await ask({...})` is true when the person agreed. */
export function useAsk(): (question: Question) => Promise<boolean> {
  return useAskStore().ask;
}

export function useAskState() {
  const store = useAskStore();
  return { ...storeToRefs(store), answer: store.answer };
}
