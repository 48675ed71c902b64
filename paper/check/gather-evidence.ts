/** The evidence of a check: for each field, how well its marked places support what is claimed. For station and server. */
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { Certificate } from '#domain/catalogue/schema.ts';
import type { Values } from '#domain/record/schema.ts';
import type { Mark, Marks } from '#domain/reading/schema.ts';
import type { ClaimScore, FieldEvidence } from '#domain/verdict/schema.ts';
import type { ClaimQuestion, PaperReader } from '../ports/paper-reader.ts';

/** For the scores of one page. */
export const scoreTimeoutMs = 60_000;

export interface GatherOptions {
  certificate: Certificate;
  values: Values;
  chip: Values;
  marks: Marks;
  /** JPEG of page `index`. */
  page: (index: number) => Promise<Uint8Array>;
  reader: PaperReader;
  signal: AbortSignal;
}

/**
 * The evidence for every field that is compared. Throws what `page` and the reader throw (FILE_DAMAGED, READER_FAILED,
 * DEVICE_TIMEOUT).
 */
export async function gatherEvidence(options: GatherOptions): Promise<Record<string, FieldEvidence>> {
  const { certificate, values, chip, marks, reader, signal } = options;
  const scores = new Map<string, ClaimScore[]>();
  const compared = certificate.fields.filter(({ weight }) => weight !== 'plain');
  const asked = new Map<number, ClaimQuestion[]>();
  for (const field of compared) {
    const claim = values[field.id] ?? '';
    const forms = claim === '' ? [''] : fieldRules[field.kind].paperForms(claim, field);
    for (const [page, places] of byPage(marks[field.id] ?? [])) {
      const questions = asked.get(page) ?? [];
      questions.push({ id: field.id, boxes: places.map(({ box }) => box), forms });
      asked.set(page, questions);
    }
  }
  for (const [index, questions] of asked) {
    const answers = await reader.scoreClaims(await options.page(index), questions, {
      signal,
      timeoutMs: scoreTimeoutMs,
    });
    for (const [position, score] of answers.entries()) {
      const id = questions[position]?.id;
      if (id !== undefined) scores.set(id, [...(scores.get(id) ?? []), score]);
    }
  }
  const evidence: Record<string, FieldEvidence> = {};
  for (const field of compared) {
    const score = best(scores.get(field.id) ?? []);
    const read = score
      ? (fieldRules[field.kind].readFrom(score.freeReading, field) ?? score.freeReading)
      : '';
    const fromChip = chip[field.id];
    evidence[field.id] = {
      claim: values[field.id] ?? '',
      marks: marks[field.id] ?? [],
      recognised: fromChip ?? read,
      ...(fromChip === undefined ? {} : { chip: fromChip }),
      ...(score ? { score } : {}),
    };
  }
  return evidence;
}

/** A field marked in two places is supported when one of them supports it. */
function best(scores: readonly ClaimScore[]): ClaimScore | undefined {
  return scores.toSorted((a, b) => b.probability - a.probability)[0];
}

function byPage(marks: readonly Mark[]): Map<number, Mark[]> {
  return Map.groupBy(marks, ({ page }) => page);
}
