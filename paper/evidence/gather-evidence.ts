/** The evidence of a check: for each field, how well its marked places support what is claimed. For station and server. */
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { DocumentType } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { Values } from '#domain/primitives.ts';
import type { Marks, Quad } from '#domain/reading/schema.ts';
import type { ClaimScore, FieldEvidence } from '#domain/verdict/schema.ts';
import type { MarkPicture, PaperReader } from '../ports/paper-reader.ts';
import { joinScores, splitClaim } from './split-claim.ts';
import { askAbout } from './claim-question.ts';
import type { AskedForms } from './claim-question.ts';
import { placesOf } from './places.ts';

/** For the scores of one page. */
export const scoreTimeoutMs = 60_000;

export interface GatherOptions {
  documentType: DocumentType;
  values: Values;
  chip: Values;
  marks: Marks;
  /** JPEG of page `index`. */
  page: (index: number) => Promise<Uint8Array>;
  reader: PaperReader;
  /** Where the picture of a field's marks goes; left out, none is cut. */
  keepCrop?: (jpeg: Uint8Array) => Promise<{ sha: string; size: number }>;
  signal: AbortSignal;
}

/**
 * The evidence for every field that is compared. Throws what `page` and the reader throw (FILE_DAMAGED, READER_FAILED,
 * DEVICE_TIMEOUT).
 */
export async function gatherEvidence(options: GatherOptions): Promise<Record<string, FieldEvidence>> {
  const { documentType, values, chip, marks, reader, signal, keepCrop } = options;
  const compared = documentType.fields.filter(({ weight }) => weight !== 'plain');
  const asked = new Map<number, Question[]>();
  for (const field of compared) {
    const claim = values[field.id] ?? '';
    const about = askAbout(field, claim);
    for (const [page, own] of Map.groupBy(marks[field.id] ?? [], (mark) => mark.page)) {
      const boxes = own.map(({ box }) => box);
      const questions = asked.get(page) ?? [];
      for (const places of waysToRead(boxes)) questions.push({ id: field.id, about, places });
      asked.set(page, questions);
    }
  }
  const answers: Answer[] = [];
  const codes: string[] = [];
  const withCode = fieldsWithCode(documentType);
  const wait = { signal, timeoutMs: scoreTimeoutMs };
  for (const [page, questions] of asked) {
    const jpeg = await options.page(page);
    const { scores, cuts, ...found } = await reader.examinePage(
      jpeg,
      {
        claims: questions.map(({ id, about, places }) => ({ id, ...about, boxes: places.flat() })),
        ...(keepCrop ? { cuts: questions.map(({ places }) => places) } : {}),
        codes: withCode.size > 0,
      },
      wait,
    );
    codes.push(...found.codes.flatMap(({ text }) => text || []));
    questions.forEach(({ id }, i) => {
      const [score, cut] = [scores[i], cuts[i]];
      if (score) answers.push({ id, page, score, ...(cut ? { cut } : {}) });
    });
  }
  for (const field of compared) {
    const own = answers.filter(({ id }) => id === field.id);
    const joined = await acrossPages(options, field, own);
    // A table's rows never stand as the claim writes them; then the joined reading decides.
    if (joined) answers.splice(0, answers.length, joined, ...answers);
  }

  const evidence: Record<string, FieldEvidence> = {};
  for (const field of compared) {
    const answer = best(answers.filter(({ id }) => id === field.id));
    const { score, cut } = answer ?? {};
    const read = score
      ? (fieldRules[field.kind].readFrom(score.freeReading, field) ?? score.freeReading)
      : '';
    const fromChip = chip[field.id];
    const crop =
      cut && answer && keepCrop
        ? {
            page: answer.page,
            widthPx: cut.widthPx,
            heightPx: cut.heightPx,
            ...(await keepCrop(cut.jpeg)),
          }
        : undefined;
    evidence[field.id] = {
      claim: values[field.id] ?? '',
      marks: marks[field.id] ?? [],
      recognised: fromChip ?? read,
      ...(fromChip === undefined ? {} : { chip: fromChip }),
      ...(withCode.has(field.id) && codes.length > 0 ? { codes } : {}),
      ...(score ? { score } : {}),
      ...(crop ? { crop } : {}),
    };
  }
  return evidence;
}

/** The fields that the document compares with a code: the texts of the codes on their pages are evidence. */
function fieldsWithCode({ checks }: DocumentType): Set<string> {
  return new Set(checks.flatMap((check) => (check.kind === 'code-holds' ? [check.field] : [])));
}

/** The answer for marks on several pages, taken as parts of one value; undefined where they stand on one page. */
async function acrossPages(
  { values, marks, reader, signal, page: pictureOf }: GatherOptions,
  field: Field,
  answers: readonly Answer[],
): Promise<Answer | undefined> {
  const byPage = Map.groupBy(marks[field.id] ?? [], ({ page }) => page);
  const pages = [...byPage.keys()].sort((a, b) => a - b);
  const claim = values[field.id] ?? '';
  const [first] = pages;
  if (first === undefined || pages.length < 2 || claim === '') return undefined;
  const readings = pages.map(
    (page) => answers.find((answer) => answer.page === page)?.score.freeReading ?? '',
  );
  const joinedReading = readings.join('');
  const [form = claim] = fieldRules[field.kind]
    .paperForms(claim, field)
    .toSorted(
      (a, b) => Math.abs(a.length - joinedReading.length) - Math.abs(b.length - joinedReading.length),
    );
  const parts = splitClaim(form, readings);
  const scores: ClaimScore[] = [];
  for (const [index, page] of pages.entries()) {
    const boxes = (byPage.get(page) ?? []).map(({ box }) => box);
    const question = {
      ...askAbout(field, claim),
      id: field.id,
      forms: [parts[index] ?? ''],
      part: true,
      boxes,
    };
    const wait = { signal, timeoutMs: scoreTimeoutMs };
    const answered = await reader.examinePage(await pictureOf(page), { claims: [question] }, wait);
    scores.push(...answered.scores);
  }
  const score = joinScores(scores);
  const cut = answers.find((answer) => answer.page === first)?.cut;
  return score && { id: field.id, page: first, score, ...(cut ? { cut } : {}) };
}

interface Question {
  id: string;
  about: AskedForms;
  places: Quad[][];
}

interface Answer {
  id: string;
  page: number;
  score: ClaimScore;
  cut?: MarkPicture;
}

/** Marks that lie apart are two places of one value, or two parts of it: both are asked. */
function waysToRead(boxes: readonly Quad[]): Quad[][][] {
  const places = placesOf(boxes);
  return places.length < 2 ? [places] : [places, ...places.map((place) => [place])];
}

/** A field marked in two places is supported when one of them supports it. */
function best(answers: readonly Answer[]): Answer | undefined {
  return answers.toSorted((a, b) => b.score.probability - a.score.probability)[0];
}
