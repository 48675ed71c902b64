/** Scores claimed texts against a page by likelihood: how well do the marks bear out the claim, and its rivals? */
import type { Quad } from '#domain/reading/schema.ts';
import type { ClaimScore } from '#domain/verdict/schema.ts';
import type { ClaimQuestion } from '../../ports/paper-reader.ts';
import type { CharTable } from '../char-table.ts';
import { meanConfidence } from '../ctc/greedy.ts';
import { foldWidth } from '../fold-width.ts';
import { recogniseBoxes } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { rowUnderMark } from '../seals/read-seals.ts';
import { unknownCharCap, probabilityOf } from './calibration.ts';
import { unusualPenalty } from './claim-crops.ts';
import { coreOf, readClaim } from './claim-text.ts';
import type { ClaimChar } from './claim-text.ts';
import { isCode } from './code-runs.ts';
import { aspectOf, impossible, windowPenalty, scoreRegions, supportOf, viewsOf } from './claim-views.ts';
import { narrowStretch, lookAtLines } from './line-views.ts';
import type { LineQuestion } from './line-views.ts';
import { markedLines } from './marked-lines.ts';
import type { MarkedLine } from './marked-lines.ts';
import type { View, ViewSource } from './claim-views.ts';
import { alike, nearestDoubling, nearestInUsualViews, nearestInView, nearestWhole } from './rival-rules.ts';
import type { Contest, Rivalry, Supported } from './rival-rules.ts';
import { viewWithStandIns } from './stand-ins.ts';

/** A claim that the first look bears out so well needs no second one. */
const beyondDoubt = 0.97;
/** About the usual one, so that two views can say whether a character stands twice. */
const moreStretches = [1.25, 1.6];
/** Of views that bear out the claim alike so many are looked at. */
const maxAlike = 4;

export interface ScoreOptions {
  modelHash: string;
  check: () => void;
}

/**
 * Two looks: first at the lines on which the marks lie, each recognised once for all questions; then, for claims that
 * these do not bear out beyond doubt, at the marks as they are drawn, in several ways.
 */
export async function scoreClaims(
  reader: Reader,
  page: DetectedPage,
  questions: readonly ClaimQuestion[],
  { modelHash, check }: ScoreOptions,
): Promise<ClaimScore[]> {
  const asked = questions.map((question) => lookOf(reader, question, page));
  // Several claims about one place (a choice among forms, a batch of cases) are looked at once.
  const distinct = [...new Map(asked.map((look) => [look.key, look])).values()];
  const seen = new Map(distinct.map(({ key }): [string, View[]] => [key, []]));
  const onLines = distinct.flatMap((look) => (look.lines ? [{ ...look, lines: look.lines }] : []));
  const views = await lookAtLines(reader, page, onLines, check);
  const keep = ({ key, standIns }: Look, more: readonly View[]): void => {
    const known = standIns ? more.map((view) => viewWithStandIns(view, standIns, reader.chars)) : more;
    seen.set(key, [...(seen.get(key) ?? []), ...known]);
  };
  onLines.forEach((look, i) => keep(look, views[i] ?? []));
  const drawn = new Set<string>();
  for (const look of distinct) {
    if (!look.seal) continue;
    keep(look, viewsOf(await sourcesOf(reader, look.seal, check), reader.chars));
    // Cut out as it is drawn, a round text is no line.
    drawn.add(look.key);
  }

  const scores: ClaimScore[] = [];
  for (const [i, { forms }] of questions.entries()) {
    check();
    const { key, boxes, wide, lines } = asked[i] as Look;
    let score = scoreViews(seen.get(key) ?? [], forms, reader.chars);
    if (score.probability < beyondDoubt) {
      if (!drawn.has(key)) {
        const stretches = wide ? (lines ? moreStretches : [narrowStretch]) : [];
        // A mark's edges may cut strokes off: against the lines it does not decide alone.
        const penalty = lines ? unusualPenalty : 0;
        const more = await scoreRegions(reader, page, boxes, { check, stretches, penalty });
        const fewer = await lookAtFewerLines(reader, page, asked[i] as Look, check);
        keep(asked[i] as Look, [...more, ...fewer]);
        drawn.add(key);
      }
      score = scoreViews(seen.get(key) ?? [], forms, reader.chars);
    }
    scores.push({ ...score, modelHash });
  }
  return scores;
}

/** Without the first line of the marks, and without the last: a mark may have taken in a neighbour. */
async function lookAtFewerLines(
  reader: Reader,
  page: DetectedPage,
  { lines = [], ...look }: Look,
  check: () => void,
): Promise<View[]> {
  if (lines.length < 2) return [];
  const fewer = [lines.slice(0, -1), lines.slice(1)].map((some) => ({ ...look, lines: some, wide: false }));
  const views = await lookAtLines(reader, page, fewer, check);
  return views.flatMap(([whole]) => (whole ? [{ ...whole, penalty: windowPenalty }] : []));
}

/** What is looked at for a question: the same key, the same views. */
interface Look extends Omit<LineQuestion, 'lines'> {
  key: string;
  boxes: readonly Quad[];
  /** Undefined where no detected lines account for the marks. */
  lines: MarkedLine[] | undefined;
  /** The mark lies on a round seal: its letters, laid in a row. */
  seal: DetectedPage | undefined;
  standIns: ClaimQuestion['standIns'];
}

async function sourcesOf(reader: Reader, seal: DetectedPage, check: () => void): Promise<ViewSource[]> {
  const matrices = await recogniseBoxes(reader, seal, seal.boxes, check);
  return matrices.map((matrix, i) => {
    const framesPerHeight = matrix.frames / Math.max(1, aspectOf(seal.boxes[i] as Quad));
    return { matrix, penalty: 0, framesPerHeight };
  });
}

function lookOf(
  reader: Reader,
  { boxes, forms, part = false, labels = [], standIns }: ClaimQuestion,
  page: DetectedPage,
): Look {
  const wide = forms.some(isNarrow);
  const code = forms.some((form) => isCode(coreOf(form)));
  const key = JSON.stringify([wide, code, part, labels, standIns, boxes]);
  const [only, ...more] = boxes;
  const seal = only && more.length === 0 ? rowUnderMark(reader, page, only) : undefined;
  const lines = seal ? undefined : markedLines(boxes, page.boxes, page.page);
  return { key, boxes, wide, code, part, labels, standIns, lines, seal };
}

/** The view that bears out a form of the claim best and sets it off most sharply counts. */
export function scoreViews(
  views: readonly View[],
  forms: readonly string[],
  chars: CharTable,
): Omit<ClaimScore, 'modelHash'> {
  const written = views.filter((view) => view.decoded.length > 0);
  const claims = forms.map((form) => readClaim(form)).filter((claim) => claim.some((char) => !char.optional));
  const coreOfClaim = (claim: readonly ClaimChar[]): string => coreOf(claim.map(({ char }) => char).join(''));
  const cores = new Set(claims.map(coreOfClaim));
  // Where a form stands word for word, no other form of the value can stand better.
  const read = new Set(written.map(({ text }) => coreOf(text)));
  const literal = claims.filter((claim) => read.has(coreOfClaim(claim)));
  const supported = written
    .flatMap((view) =>
      (literal.length > 0 ? literal : claims).map((claim): Supported => ({
        view,
        claim,
        support: supportOf(view, claim, chars),
      })),
    )
    .sort((a, b) => b.support - a.support);
  const contest: Contest = { views: written, cores, chars };
  const sharpest = sharpestOf(supported, contest);
  if (!sharpest)
    return {
      probability: 0,
      support: impossible,
      rivalMargin: impossible,
      freeReading: views[0]?.text ?? '',
      freeConfidence: 0,
    };

  const { view, support, hasUnknown } = sharpest;
  const whole = nearestWhole(sharpest, contest);
  const { margin, rival } = [
    sharpest,
    nearestInUsualViews(sharpest, contest),
    nearestDoubling(sharpest, contest),
    whole,
  ].reduce<Rivalry>((nearest, one) => (one.margin < nearest.margin ? one : nearest), sharpest);
  const rivalMargin = Number.isFinite(margin) ? margin : -impossible;
  const freeConfidence = meanConfidence(view.decoded);
  const isFreeReading = cores.has(coreOf(view.text));
  const probability = probabilityOf({ support, rivalMargin, freeConfidence, isFreeReading });
  return {
    probability: hasUnknown ? Math.min(unknownCharCap, probability) : probability,
    support,
    rivalMargin,
    ...(rival === undefined ? {} : { rival }),
    ...(isBeyondMarks(whole, sharpest.claim, views) ? { goesOn: true as const } : {}),
    form: sharpest.claim.map(({ char }) => char).join(''),
    freeReading: foldWidth(view.text),
    freeConfidence,
  };
}

/** The marks show the claim and the line a longer text; marks that show more themselves are not to be drawn larger. */
function isBeyondMarks({ rival }: Rivalry, claim: readonly ClaimChar[], [marked]: readonly View[]): boolean {
  const said = coreOf(claim.map(({ char }) => char).join(''));
  return rival !== undefined && marked !== undefined && coreOf(marked.text).endsWith(said);
}

/** Views that bear out the claim alike differ in how sharply they set it off: the sharpest is the best evidence. */
function sharpestOf(
  supported: readonly Supported[],
  contest: Contest,
): (Supported & Rivalry & { hasUnknown: boolean }) | undefined {
  const [best] = supported;
  return (
    best &&
    supported
      .filter(({ support }) => support >= best.support - alike)
      .slice(0, maxAlike)
      .map((one) => ({ ...one, ...nearestInView(one, contest) }))
      .sort((a, b) => b.margin - a.margin)[0]
  );
}

/** Mostly digits and Latin letters: half as wide as hanzi, so that equal neighbours run together. */
function isNarrow(form: string): boolean {
  const narrow = form.replace(/[^0-9A-Za-z]/g, '').length;
  return narrow * 2 >= form.length;
}
