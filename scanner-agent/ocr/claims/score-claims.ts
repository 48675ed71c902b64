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
import { cropVariants } from './claim-crops.ts';
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
    scores.push({ ...scoreReadings(readings, question.forms, reader.chars), modelHash });
  }
  return scores;
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

/** `readings` are several views of the same place; the one that bears out the claim best counts. */
export function scoreReadings(
  readings: readonly FrameMatrix[],
  forms: readonly string[],
  chars: CharTable,
): Omit<ClaimScore, 'modelHash'> {
  const views = readings.flatMap((matrix) => {
    const whole = viewOf(matrix, chars, 0);
    return [
      whole,
      ...windowsOf(matrix, whole.decoded, chars, FRAMES_PER_HEIGHT).map((part) =>
        viewOf(part, chars, WINDOW_PENALTY),
      ),
    ];
  });
  const written = views.filter((view) => view.decoded.length > 0);
  const claims = forms.map((form) => readClaim(form)).filter((claim) => claim.some((char) => !char.optional));
  let best: { view: Reading; claim: ClaimChar[]; logProb: number; support: number } | undefined;
  for (const view of written) {
    for (const claim of claims) {
      const logProb = logProbOf(view, claim, chars);
      const support = Math.min(0, logProb - view.freeLogProb) - view.penalty;
      if (!best || support > best.support) best = { view, claim, logProb, support };
    }
  }
  if (!best)
    return {
      probability: 0,
      support: IMPOSSIBLE,
      rivalMargin: IMPOSSIBLE,
      freeReading: views[0]?.text ?? '',
      freeConfidence: 0,
    };

  const { view, claim, logProb, support } = best;
  const cores = new Set(
    claims.map((form) =>
      form
        .filter((c) => !c.optional)
        .map((c) => c.key)
        .join(''),
    ),
  );
  const { positions, owners, hasUnknown } = positionsOf(claim, { chars, ...view });
  const nodeSpans = alignFrames(view.matrix, buildLattice(positions));
  const spans = spansOfChars(
    positions.map((p) => p.classes.length),
    owners,
    nodeSpans,
    claim.length,
  );
  const rivals = [view.text, ...proposeRivals({ matrix: view.matrix, chars, claim, spans })];
  let rivalMargin = Infinity;
  let rival: string | undefined;
  for (const text of rivals) {
    if (cores.has(coreOf(text))) continue;
    const margin = logProb - logProbOf(view, readClaim(text), chars);
    if (margin < rivalMargin) {
      rivalMargin = margin;
      rival = text;
    }
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
