import type { RuleResult } from '#domain/archive/check-page.ts';
import { batchWords } from '../locales/batch-words.ts';

/** The rule's name, with what was measured. */
export function ruleText({ rule, value }: RuleResult): string {
  const { rules, values } = batchWords.standard;
  if (value === undefined || !(rule === 'resolution' || rule === 'skew')) return rules[rule];
  return `${rules[rule]} ${values[rule](value)}`;
}
