/** Several views of the marks of one claim: cut as drawn, snapped to lines, wider, and the parts of a line. */
import type { Quad } from '#domain/reading/schema.ts';
import { distance } from '../../imaging/geometry.ts';
import type { CharTable } from '../char-table.ts';
import { joinFrames } from '../ctc/frames.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { forwardLogProb } from '../ctc/forward.ts';
import { bestPathLogProb, decodeGreedily, dropTwins } from '../ctc/greedy.ts';
import type { DecodedChar } from '../ctc/greedy.ts';
import { buildLattice } from '../ctc/lattice.ts';
import { recogniseBoxes } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { UNUSUAL_PENALTY, boundsOf, cropVariants, linesUnder, penaltyOfVariant } from './claim-crops.ts';
import { isMeaninglessSign, positionsOf } from './claim-text.ts';
import type { ClaimChar } from './claim-text.ts';
import { codeRunUnder } from './code-runs.ts';
import { windowsOf } from './windows.ts';

/** A part of a line must bear out the claim this much better than the whole line to be believed. */
export const WINDOW_PENALTY = 1;
/** What log P is taken to be when the claim cannot be spelled at all in the frames at hand. */
export const IMPOSSIBLE = -200;
/** How much wider narrow text is drawn for its further view; CTC drops one of two equal neighbours that stand too close. */
const NARROW_STRETCH = 1.4;

export interface View {
  matrix: FrameMatrix;
  decoded: DecodedChar[];
  text: string;
  /** Taken off the support of every claim: the view is unusual, or a part. */
  penalty: number;
  /** log P of the likeliest thing this view says. */
  freeLogProb: number;
  /** Classes of signs without meaning that it shows. */
  seenSigns: number[];
  anyClass: number[];
  /** A whole code, of which the marks may show a part. */
  isRun?: boolean;
}

export interface LookOptions {
  check: () => void;
  /** The claim is a code: the whole one that stands under the mark is looked at too. */
  code: boolean;
  /** A wider view too, for narrow text. */
  wide: boolean;
}

/** Whole views first, each followed by its parts. Empty when every mark lies off the page. */
export async function lookAtMarks(
  reader: Reader,
  page: DetectedPage,
  boxes: readonly Quad[],
  { check, wide, code }: LookOptions,
): Promise<View[]> {
  const variants = cropVariants(boxes, page.boxes, page.page);
  const matrices = await recogniseBoxes(reader, page.planes, variants.flat(), check);
  let taken = 0;
  const sources = variants.map((lines, index): ViewSource => {
    const own = matrices.slice(taken, (taken += lines.length));
    return sourceOf(own, lines, penaltyOfVariant(index));
  });
  const [drawn] = variants;
  if (wide && drawn) {
    const stretched = await recogniseBoxes(reader, page.planes, drawn, check, NARROW_STRETCH);
    sources.push(sourceOf(stretched, drawn, UNUSUAL_PENALTY));
  }
  const views = viewsOf(sources, reader.chars);
  const run = code ? await wholeCode(reader, page, boxes, check) : undefined;
  return run ? [...views, run] : views;
}

/** Marks on a part of a line often cut the first or last signs off: what belongs to the code is seen on the line. */
async function wholeCode(
  reader: Reader,
  page: DetectedPage,
  boxes: readonly Quad[],
  check: () => void,
): Promise<View | undefined> {
  const [mark, ...others] = boxes;
  if (!mark || others.length > 0) return undefined;
  const [line, ...more] = linesUnder(mark, page.boxes, Infinity);
  if (!line || more.length > 0) return undefined;
  const [matrix] = await recogniseBoxes(reader, page.planes, [line], check);
  if (!matrix) return undefined;
  const decoded = dropTwins(decodeGreedily(matrix), reader.chars.areTwins);
  const [whole, part] = [boundsOf(line), boundsOf(mark)];
  const frameAt = (x: number): number => ((x - whole.x0) / (whole.x1 - whole.x0)) * matrix.frames;
  const run = codeRunUnder(matrix, decoded, reader.chars, {
    marked: [Math.max(0, frameAt(part.x0)), Math.min(matrix.frames, frameAt(part.x1))],
    framesPerHeight: matrix.frames / Math.max(1, aspectOf(line)),
  });
  return run && { ...viewOf(run, reader.chars, UNUSUAL_PENALTY), isRun: true };
}

export interface ViewSource {
  matrix: FrameMatrix;
  penalty: number;
  /** Frames that a stretch of the line as long as it is high takes up: the pack's stride and all stretching are in it. */
  framesPerHeight: number;
}

function sourceOf(matrices: readonly FrameMatrix[], lines: readonly Quad[], penalty: number): ViewSource {
  const frames = matrices.reduce((sum, matrix) => sum + matrix.frames, 0);
  const heights = lines.reduce((sum, line) => sum + aspectOf(line), 0);
  return { matrix: joinFrames(matrices), penalty, framesPerHeight: frames / Math.max(1, heights) };
}

function aspectOf([tl, tr, br, bl]: Quad): number {
  return (distance(tl, tr) + distance(bl, br)) / Math.max(1, distance(tl, bl) + distance(tr, br));
}

export function viewsOf(sources: readonly ViewSource[], chars: CharTable): View[] {
  return sources.flatMap(({ matrix, penalty, framesPerHeight }) => {
    const whole = viewOf(matrix, chars, penalty);
    const parts = windowsOf(matrix, whole.decoded, chars, framesPerHeight);
    return [whole, ...parts.map((part) => viewOf(part, chars, penalty + WINDOW_PENALTY))];
  });
}

function viewOf(matrix: FrameMatrix, chars: CharTable, penalty: number): View {
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

export function logProbOf(view: View, claim: readonly ClaimChar[], chars: CharTable): number {
  const { positions } = positionsOf(claim, { chars, seenSigns: view.seenSigns, anyClass: view.anyClass });
  return Math.max(IMPOSSIBLE * 10, forwardLogProb(view.matrix, buildLattice(positions)));
}

/** How well a view bears out a text, its penalty taken off: 0 at most. */
export function supportOf(view: View, claim: readonly ClaimChar[], chars: CharTable): number {
  return Math.min(0, logProbOf(view, claim, chars) - view.freeLogProb) - view.penalty;
}
