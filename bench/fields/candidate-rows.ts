/** What the weights of the field finder are fitted on: each candidate's features, and whether it is the field's value. */
import { judgeFields } from '#domain/reading/extract-fields.ts';
import type { RandomPage } from './make-page.ts';
import type { ReadSheet } from './read-like.ts';
import { isRight } from './score.ts';

/** One JSON list a candidate: 1 or 0, then its features in their order. */
export function candidateRows({ document, texts }: RandomPage, sheet: ReadSheet): string[] {
  return judgeFields(document, [sheet]).map(({ field, reading, features }) => {
    const truth = texts[field.id];
    const right = truth !== undefined && isRight(field, truth, sheet.read[field.id], reading.value);
    return JSON.stringify([Number(right), ...features.map((value) => Math.round(value * 1000) / 1000)]);
  });
}
