/**
 * What a guard answers: yes, no with its exact words, or unknown, because a register is not here, its copy is old, or the
 * record does not say. Unknown is never allowed. The same function answers in the browser, in the agent and on the server.
 */
import type { Guard } from '../catalogue/guard.ts';
import { evaluate } from './expression.ts';
import type { GuardFacts, Ignorance } from './guard-facts.ts';
import { askRule } from './guard-rules.ts';

export type GuardAnswer =
  | { guard: string; answer: 'yes' }
  | { guard: string; answer: 'no'; text: string }
  | { guard: string; answer: 'unknown'; because: Ignorance; text: string };

export function askGuard(guard: Guard, facts: GuardFacts): GuardAnswer {
  const truth = guard.rule === 'expression' ? evaluate(guard.when, facts) : askRule(guard, facts);
  if (truth === true) return { guard: guard.id, answer: 'yes' };
  if (truth === false) return { guard: guard.id, answer: 'no', text: guard.text };
  return { guard: guard.id, answer: 'unknown', because: truth, text: guard.text };
}

/**
 * All of them together. A no, or a value that the record lacks, is refused wherever it is asked; what only a register could
 * tell is queued and judged again by the server.
 */
export type GuardVerdict =
  | { verdict: 'allowed' }
  | { verdict: 'refused'; answers: GuardAnswer[] }
  | { verdict: 'judged-later'; answers: GuardAnswer[] };

export function judgeGuards(guards: readonly Guard[], facts: GuardFacts): GuardVerdict {
  const answers = guards.map((guard) => askGuard(guard, facts)).filter(({ answer }) => answer !== 'yes');
  if (answers.length === 0) return { verdict: 'allowed' };
  const isFinal = answers.some((one) => one.answer === 'no' || isOwnFault(one));
  return { verdict: isFinal ? 'refused' : 'judged-later', answers };
}
const isOwnFault = (one: GuardAnswer): boolean => one.answer === 'unknown' && one.because === 'value-missing';

/** The words of whatever does not hold, each once. */
export const textOf = (answers: readonly GuardAnswer[]): string =>
  [...new Set(answers.flatMap((one) => (one.answer === 'yes' ? [] : [one.text])))].join('；');
