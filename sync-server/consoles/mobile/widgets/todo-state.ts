import type { Todo } from '#domain/contracts/mobile/todos.ts';
import { words } from '../locales/zh-CN.ts';

/** In which state a to-do is, for people: the step that waits, or how it ended. */
export function stateOf({ state, stepTitle }: Pick<Todo, 'state' | 'stepTitle'>): string {
  if (state === 'open') return stepTitle;
  return state === 'returned' ? words.todo.returned : words.todo.closed[state];
}
