/** Judged claims as a file: scoring takes hours where rules and constants change in minutes. */
import { readFile, writeFile } from 'node:fs/promises';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { ClaimScore } from '#domain/verdict/schema.ts';
import { unknownCharCap, probabilityOf } from '#paper/ocr/claims/calibration.ts';
import type { ClaimEvidence } from '#paper/ocr/claims/calibration.ts';
import { coreOf } from '#paper/ocr/claims/claim-text.ts';
import { ourVerdict, lightOf } from './judge.ts';
import type { Judged } from './judge.ts';
import { wholeWayLights } from './whole-way.ts';

export interface SavedCases {
  seed: number;
  pages: number;
  checkSeconds: number[];
  cases: Judged[];
}

export async function saveCases(file: string, saved: SavedCases): Promise<void> {
  await writeFile(file, `${JSON.stringify(saved, undefined, 1)}\n`);
}

/** Written by `saveCases`; lights and probabilities are made anew by the constants and rules of today. */
export async function loadCases(files: readonly string[]): Promise<SavedCases> {
  const parts = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as SavedCases),
  );
  return {
    seed: parts[0]?.seed ?? 0,
    pages: parts.reduce((sum, part) => sum + part.pages, 0),
    checkSeconds: parts.flatMap((part) => part.checkSeconds),
    cases: parts.flatMap((part) => part.cases).map((one) => withLights(recalibrated(one))),
  };
}

/** Lights of all our methods; those of other readers stay. */
export function withLights(one: Judged): Judged {
  return {
    ...one,
    lights: { ...one.lights, [ourVerdict]: lightOf(one, one.score), ...wholeWayLights(one) },
  };
}

function recalibrated(one: Judged): Judged {
  const again = (score: ClaimScore): ClaimScore => {
    const probability = probabilityOf(evidenceOf(one, score));
    // exactly the cap: a character that the recogniser does not know
    const isCapped = score.probability === unknownCharCap;
    return { ...score, probability: isCapped ? Math.min(unknownCharCap, probability) : probability };
  };
  const scores = Object.entries(one.scores).map(([method, score]) => [method, score && again(score)]);
  return { ...one, score: again(one.score), scores: Object.fromEntries(scores) as Judged['scores'] };
}

export function evidenceOf(
  { field, claim }: Pick<Judged, 'field' | 'claim'>,
  score: ClaimScore,
): ClaimEvidence {
  const cores = fieldRules[field.kind].paperForms(claim, field).map((form) => coreOf(form));
  return { ...score, isFreeReading: cores.includes(coreOf(score.freeReading)) };
}
