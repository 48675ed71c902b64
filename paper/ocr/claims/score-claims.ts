/** Scores claimed texts against a page by likelihood: how well do the marks bear out the claim, and its rivals? */
import type { ClaimScore } from '#domain/verdict/schema.ts';
import type { ClaimQuestion } from '../../ports/paper-reader.ts';
import type { CharTable } from '../char-table.ts';
import { joinFrames } from '../ctc/frames.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { alignFrames, forwardLogProb } from '../ctc/forward.ts';
import { bestPathLogProb, decodeGreedily, dropTwins, meanConfidence } from '../ctc/greedy.ts';
import type { DecodedChar } from '../ctc/greedy.ts';
import { buildLattice } from '../ctc/lattice.ts';
import { foldWidth } from '../fold-width.ts';
import { recogniseBoxes } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { UNKNOWN_CHAR_CAP, probabilityOf } from './calibration.ts';
import { UNUSUAL_PENALTY, cropVariants, penaltyOfVariant } from './claim-crops.ts';
import { coreOf, isMeaninglessSign, positionsOf, readClaim } from './claim-text.ts';
import type { ClaimChar } from './claim-text.ts';
import { proposeRivals } from './rivals.ts';
import { windowsOf } from './windows.ts';

/** A part of a line must bear out the claim this much better than the whole line to be believed. */
const WINDOW_PENALTY = 1;
/** What log P is taken to be when the claim cannot be spelled at all in the frames at hand. */
const IMPOSSIBLE = -200;
/** Height of a line in frames: crops are scaled to the model's height, a frame every few pixels. */
const FRAMES_PER_HEIGHT = 8;
/** How much wider narrow text is drawn for its second view; CTC drops one of two equal neighbours that stand too close. */
const NARROW_STRETCH = 1.4;
/** A view that shows a character twice speaks louder than one that shows it once: in doubt the claim is not green. */
const TWIN_BIAS = 1;

export interface ScoreOptions {
  modelHash: string;
  check: () => void;
}

export async function scoreClaims(
  reader: Reader,
  page: DetectedPage,
  questions: readonly ClaimQuestion[],
  { modelHash, check }: ScoreOptions,
): Promise<ClaimScore[]> {
  const scores: ClaimScore[] = [];
  for (const question of questions) {
    check();
    const variants = cropVariants(question.boxes, page.boxes, page.page);
    const matrices = await recogniseBoxes(reader, page.planes, variants.flat(), check);
    let taken = 0;
    const readings = variants.map((lines) => {
      taken += lines.length;
      return joinFrames(matrices.slice(taken - lines.length, taken));
    });
    const [drawn] = variants;
    const stretched =
      drawn && question.forms.some(isNarrow)
        ? joinFrames(await recogniseBoxes(reader, page.planes, drawn, check, NARROW_STRETCH))
        : undefined;
    scores.push({ ...scoreReadings(readings, question.forms, reader.chars, stretched), modelHash });
  }
  return scores;
}

/** Views whose support lies this close are taken as alike, and so many of them are looked at. */
const ALIKE = 0.25;
const MAX_ALIKE = 4;

interface Supported {
  view: Reading;
  claim: ClaimChar[];
  logProb: number;
  support: number;
}

/** The text other than the claim that a view supports best. */
function nearestRival(
  { view, claim, logProb }: Supported,
  cores: ReadonlySet<string>,
  chars: CharTable,
): { rivalMargin: number; rival: string | undefined; hasUnknown: boolean } {
  const { positions, owners, hasUnknown } = positionsOf(claim, { chars, ...view });
  const nodeSpans = alignFrames(view.matrix, buildLattice(positions));
  const spans = spansOfChars(
    positions.map((p) => p.classes.length),
    owners,
    nodeSpans,
    claim.length,
  );
  let rivalMargin = Infinity;
  let rival: string | undefined;
  for (const text of [view.text, ...proposeRivals({ matrix: view.matrix, chars, claim, spans })]) {
    if (cores.has(coreOf(text))) continue;
    const margin = logProb - logProbOf(view, readClaim(text), chars);
    if (margin < rivalMargin) {
      rivalMargin = margin;
      rival = text;
    }
  }
  return { rivalMargin, rival, hasUnknown };
}

interface Reading {
  matrix: FrameMatrix;
  decoded: DecodedChar[];
  text: string;
  penalty: number;
  /** log P of the likeliest thing this reading says. */
  freeLogProb: number;
  seenSigns: number[];
  anyClass: number[];
}

/** `readings` (in the order of cropVariants) and `stretched` are several views of the same place; the one that bears out the claim best counts. */
export function scoreReadings(
  readings: readonly FrameMatrix[],
  forms: readonly string[],
  chars: CharTable,
  stretched?: FrameMatrix,
): Omit<ClaimScore, 'modelHash'> {
  const wholes = readings.map((matrix, index) => viewOf(matrix, chars, penaltyOfVariant(index)));
  if (stretched) wholes.push(viewOf(stretched, chars, UNUSUAL_PENALTY));
  const views = wholes.flatMap((whole) => {
    const { matrix } = whole;
    return [
      whole,
      ...windowsOf(matrix, whole.decoded, chars, FRAMES_PER_HEIGHT).map((part) =>
        viewOf(part, chars, whole.penalty + WINDOW_PENALTY),
      ),
    ];
  });
  const written = views.filter((view) => view.decoded.length > 0);
  const claims = forms.map((form) => readClaim(form)).filter((claim) => claim.some((char) => !char.optional));
  const supported: Supported[] = [];
  for (const view of written) {
    for (const claim of claims) {
      const logProb = logProbOf(view, claim, chars);
      supported.push({
        view,
        claim,
        logProb,
        support: Math.min(0, logProb - view.freeLogProb) - view.penalty,
      });
    }
  }
  supported.sort((a, b) => b.support - a.support);
  const [best] = supported;
  if (!best)
    return {
      probability: 0,
      support: IMPOSSIBLE,
      rivalMargin: IMPOSSIBLE,
      freeReading: views[0]?.text ?? '',
      freeConfidence: 0,
    };

  const cores = new Set(
    claims.map((form) =>
      form
        .filter((c) => !c.optional)
        .map((c) => c.key)
        .join(''),
    ),
  );
  // Views that bear out the claim alike differ in how sharply they set it off: the sharpest is the best evidence.
  const sharpest = supported
    .filter(({ support }) => support >= best.support - ALIKE)
    .slice(0, MAX_ALIKE)
    .map((one) => ({ ...one, ...nearestRival(one, cores, chars) }))
    .sort((a, b) => b.rivalMargin - a.rivalMargin)[0];
  if (!sharpest) throw new Error('a claim that some view supports has a sharpest view');
  const { view, claim, support, hasUnknown } = sharpest;
  let { rivalMargin, rival } = sharpest;
  // An unusual view alone must not decide between look-alikes that a usual one tells apart. A reading that only lacks a
  // twin does not count: usual views drop twins.
  const said = collapsed(claim.map(({ char }) => char).join(''));
  for (const { text, penalty } of view.penalty === 0 ? [] : written) {
    if (penalty > 0 || collapsed(text) === said || cores.has(coreOf(text))) continue;
    const margin = support - supportOf(text);
    if (margin < rivalMargin) {
      rivalMargin = margin;
      rival = text;
    }
  }
  // Whether a character stands once or twice is judged by the view that shows it best, not by the claim's own: CTC may
  // drop a twin, and hardly ever makes one.
  for (const text of doublingsOf(claim)) {
    if (cores.has(coreOf(text))) continue;
    const twinSupport = supportOf(text) + UNUSUAL_PENALTY;
    const margin = support - twinSupport - (twinSupport > -ALIKE ? TWIN_BIAS : 0);
    if (margin < rivalMargin) {
      rivalMargin = margin;
      rival = text;
    }
  }
  /** How well the whole views bear out another text. */
  function supportOf(text: string): number {
    const other = readClaim(text);
    const supports = written
      .filter(({ penalty }) => penalty < WINDOW_PENALTY)
      .map((one) => Math.min(0, logProbOf(one, other, chars) - one.freeLogProb) - one.penalty);
    return Math.max(IMPOSSIBLE, ...supports);
  }
  if (!Number.isFinite(rivalMargin)) rivalMargin = rivalMargin > 0 ? -IMPOSSIBLE : IMPOSSIBLE;
  const freeConfidence = meanConfidence(view.decoded);
  const isFreeReading = cores.has(coreOf(view.text));
  const probability = probabilityOf({ support, rivalMargin, freeConfidence, isFreeReading });
  return {
    probability: hasUnknown ? Math.min(UNKNOWN_CHAR_CAP, probability) : probability,
    support,
    rivalMargin,
    ...(rival === undefined ? {} : { rival }),
    freeReading: foldWidth(view.text),
    freeConfidence,
  };
}

/** Mostly digits and Latin letters: half as wide as hanzi, so that equal neighbours run together. */
function isNarrow(form: string): boolean {
  const narrow = form.replace(/[^0-9A-Za-z]/g, '').length;
  return narrow * 2 >= form.length;
}

function collapsed(text: string): string {
  return text.replace(/(.)\1+/gu, '$1');
}

/** The claim with each narrow character written twice, where it does not stand twice already. */
function doublingsOf(claim: readonly ClaimChar[]): string[] {
  const texts = claim.map(({ char }) => char);
  return claim.flatMap(({ char, key }, i) =>
    /[0-9A-Za-z]/.test(char) && claim[i - 1]?.key !== key
      ? [[...texts.slice(0, i), char, ...texts.slice(i)].join('')]
      : [],
  );
}

function viewOf(matrix: FrameMatrix, chars: CharTable, penalty: number): Reading {
  const decoded = dropTwins(decodeGreedily(matrix), chars.areTwins);
  const text = decoded.map((char) => chars.charOf(char.classId)).join('');
  const classes = [...new Set(decoded.map((char) => char.classId))];
  const free = buildLattice(decoded.map((char) => ({ classes: [char.classId], optional: false })));
  return {
    matrix,
    decoded,
    text,
    penalty,
    freeLogProb: Math.max(bestPathLogProb(matrix), forwardLogProb(matrix, free)),
    seenSigns: classes.filter((c) => isMeaninglessSign(chars.charOf(c))),
    anyClass: classes,
  };
}

function logProbOf(view: Reading, claim: readonly ClaimChar[], chars: CharTable): number {
  const { positions } = positionsOf(claim, { chars, seenSigns: view.seenSigns, anyClass: view.anyClass });
  return Math.max(IMPOSSIBLE * 10, forwardLogProb(view.matrix, buildLattice(positions)));
}

function spansOfChars(
  widths: readonly number[],
  owners: readonly number[],
  nodeSpans: readonly ([number, number] | undefined)[],
  length: number,
): ([number, number] | undefined)[] {
  const spans = new Array<[number, number] | undefined>(length).fill(undefined);
  let node = 0;
  widths.forEach((width, p) => {
    for (let k = 0; k < width; k += 1, node += 1) {
      const owner = owners[p] as number;
      if (owner >= 0 && nodeSpans[node]) spans[owner] = nodeSpans[node];
    }
  });
  return spans;
}
