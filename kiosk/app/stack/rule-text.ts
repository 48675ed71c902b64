import type { RuleResult } from '#domain/archive/check-page.ts';
import { stackWords } from '../locales/stack-words.ts';

/** The rule's name, with what was measured. */
export function ruleText({ rule, value }: RuleResult): string {
  const { rules, values } = stackWords.standard;
  if (value === undefined || !(rule === 'resolution' || rule === 'skew')) return rules[rule];
  return `${rules[rule]} ${values[rule](value)}`;
}
