import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

export interface Question {
  readonly title: string;
  /** One paragraph, or several. */
  readonly text: string | readonly string[];
  readonly accept?: string;
  readonly refuse?: string;
  /** The look of the accepting button; `main` by default. */
  readonly tone?: 'main' | 'go' | 'danger';
}

export const useAskState = defineStore('ask', () => {
  const question = shallowRef<Question | undefined>();
  let settle: ((yes: boolean) => void) | undefined;

  /** `await ask({...})` is true when the person agreed. A new question answers the one before with no. */
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
