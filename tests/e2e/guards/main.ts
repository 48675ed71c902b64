/** The guards in a browser: the test asks `answer` for a range of numbers. */
import { judgeGuards } from '#domain/cases/guards.ts';
import { momentOf } from '#domain/cases/guard-facts.ts';
import { answersOf } from '#tests/support/random-guards.ts';

declare global {
  interface Window {
    answer: (range: { first: number; count: number }) => ReturnType<typeof answersOf>;
  }
}
window.answer = (range) =>
  answersOf(range, ({ guards, facts }) => judgeGuards(guards, { ...facts, ...momentOf(facts.now) }));
document.body.dataset['ready'] = 'yes';
