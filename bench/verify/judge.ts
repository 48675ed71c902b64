/** Ways to judge a claim: our score and verdict, and comparing strings with what a reader read. */
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { Line, Mark } from '#domain/reading/schema.ts';
import { decideField } from '#domain/verdict/decide-field.ts';
import type { ClaimScore, LightColour } from '#domain/verdict/schema.ts';
import { askAbout } from '#paper/evidence/claim-question.ts';
import { encodeJpeg } from '#paper/imaging/files/decode.ts';
import { rectangleQuad } from '#paper/imaging/geometry.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import { readPpm } from '../set/straight-pages.ts';
import type { ClaimCase, PageCases } from './cases.ts';

export interface Judged extends ClaimCase {
  page: string;
  kind: string;
  condition: string;
  /** On the page straightened by its true corners. */
  score: ClaimScore;
  /** From the photograph, by method; absent where no mark stood. */
  scores: Record<string, ClaimScore | undefined>;
  /** Methods whose marks are places that the station only guessed. */
  guessed?: string[];
  /** By text alone: what our reader took for the value on the photograph. */
  read: string | undefined;
  /** The same by an outside pack; null where it found nothing, absent where none was asked. */
  readOutside?: string | null;
  /** By method. */
  lights: Record<string, LightColour>;
}

export const ourVerdict = 'claim score and verdict';
const timeoutMs = 600_000;

export async function judgeByScore(reader: PaperReader, { page, cases }: PageCases): Promise<Judged[]> {
  const jpeg = await encodeJpeg(await readPpm(page.file), 200);
  const scores = await scoreCases(reader, jpeg, cases);
  return cases.map((one, i) => {
    const score = scores[i] as ClaimScore;
    const { kind, condition, name } = page;
    return {
      ...one,
      page: name,
      kind,
      condition,
      score,
      scores: {},
      read: undefined,
      lights: { [ourVerdict]: lightOf(one, score) },
    };
  });
}

/** In the order asked; nothing is asked for no cases. */
export async function scoreCases(
  reader: PaperReader,
  jpeg: Uint8Array,
  cases: readonly ClaimCase[],
): Promise<ClaimScore[]> {
  if (cases.length === 0) return [];
  const questions = cases.map(({ field, asked = field, claim, boxes }, i) => ({
    id: String(i),
    boxes,
    ...askAbout(asked, claim),
  }));
  const wait = { signal: new AbortController().signal, timeoutMs };
  return (await reader.examinePage(jpeg, { claims: questions }, wait)).scores;
}

/** Without a score nothing was marked. */
export function lightOf(
  { field, claim }: Pick<ClaimCase, 'field' | 'claim'>,
  score: ClaimScore | undefined,
  isGuess = false,
): LightColour {
  if (!score) return decideField({ field, claim, evidence: undefined }).light ?? 'red';
  const recognised = fieldRules[field.kind].readFrom(score.freeReading, field) ?? score.freeReading;
  const mark: Mark = isGuess ? { ...someMark, guessed: true } : someMark;
  const evidence = { claim, marks: [mark], recognised, score };
  return decideField({ field, claim, evidence }).light ?? 'red';
}

/** That there is one is all that the verdict asks of it. */
const someMark: Mark = { page: 0, box: rectangleQuad(0, 0, 1, 1) };

/** Green when what was read means the same as the claim, else red. `lines` are the page's true lines as read. */
export function judgeByText({ field, claim, lines }: ClaimCase, read: readonly Line[]): LightColour {
  const rule = fieldRules[field.kind];
  const text = lines.map((i) => read[i]?.text ?? '').join('');
  return rule.agrees(claim, rule.readFrom(text, field) ?? text, field) ? 'green' : 'red';
}
