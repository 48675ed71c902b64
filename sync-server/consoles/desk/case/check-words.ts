/** Numbers of the check in words, for people who do not read scores. */
import type { LightColour, MaterialVerdict } from '#domain/verdict/schema.ts';
import { words } from '../locales/zh-CN.ts';

const maxShown = 0.999;

/** `0.953` becomes 较高（95.3%）. */
export function certaintyText(probability: number): string {
  const word = words.check.words.find(([least]) => probability >= least)?.[1] ?? '';
  // a reader is never wholly sure: 99.97% must not be shown as 100%
  const number = probability > maxShown ? words.check.above(maxShown) : words.check.percent(probability);
  return `${word}（${number}）`;
}

/** Natural log of how much likelier the claim is than its best rival. */
export function marginText(margin: number): string {
  return `${words.check.marginWord(margin)}（${margin.toFixed(1)}）`;
}

export function countLights(verdict: MaterialVerdict): Record<LightColour, number> {
  const counts = { red: 0, yellow: 0, green: 0 };
  for (const { light } of verdict.fields) if (light) counts[light] += 1;
  return counts;
}
