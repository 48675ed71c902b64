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
import { unusualPenalty, cropVariants, penaltyOfVariant } from './claim-crops.ts';
import { isMeaninglessSign, positionsOf } from './claim-text.ts';
import type { ClaimChar } from './claim-text.ts';
import { windowsOf } from './windows.ts';

/** A part of a line must bear out the claim this much better than the whole line to be believed. */
export const windowPenalty = 1;
/** What log P is taken to be when the claim cannot be spelled at all in the frames at hand. */
export const impossible = -200;

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
  /** More than the marks show: what belongs to it without a gap is taken in. */
  isRun?: boolean;
  /** Less than the marks show: the end of the label before the value is left out. */
  isLed?: boolean;
}

export interface LookOptions {
  check: () => void;
  /** Wider views too, for narrow text: drawn so many times as wide as it is. */
  stretches: readonly number[];
  /** Taken off every view: other views are the usual ones. */
  penalty: number;
}

/** Whole views first, each followed by its parts. Empty when every mark lies off the page. */
export async function scoreRegions(
  reader: Reader,
  page: DetectedPage,
  boxes: readonly Quad[],
  { check, stretches, penalty }: LookOptions,
): Promise<View[]> {
  const variants = cropVariants(boxes, page.boxes, page.page);
  const matrices = await recogniseBoxes(reader, page, variants.flat(), check);
  let taken = 0;
  const sources = variants.map((lines, index): ViewSource => {
    const own = matrices.slice(taken, (taken += lines.length));
    return sourceOf(own, lines, Math.max(penalty, penaltyOfVariant(index)));
  });
  const [drawn] = variants;
  for (const stretch of drawn ? stretches : []) {
    const stretched = await recogniseBoxes(reader, page, drawn ?? [], check, stretch);
    sources.push(sourceOf(stretched, drawn ?? [], unusualPenalty));
  }
  return viewsOf(sources, reader.chars);
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

export function aspectOf([tl, tr, br, bl]: Quad): number {
  return (distance(tl, tr) + distance(bl, br)) / Math.max(1, distance(tl, bl) + distance(tr, br));
}

export function viewsOf(sources: readonly ViewSource[], chars: CharTable): View[] {
  return sources.flatMap(({ matrix, penalty, framesPerHeight }) => {
    const whole = viewOf(matrix, chars, penalty);
    const parts = windowsOf(matrix, whole.decoded, chars, framesPerHeight);
    return [whole, ...parts.map((part) => viewOf(part, chars, penalty + windowPenalty))];
  });
}

export function viewOf(matrix: FrameMatrix, chars: CharTable, penalty: number): View {
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
  return Math.max(impossible * 10, forwardLogProb(view.matrix, buildLattice(positions)));
}

/** How well a view bears out a text, its penalty taken off: 0 at most. */
export function supportOf(view: View, claim: readonly ClaimChar[], chars: CharTable): number {
  return Math.min(0, logProbOf(view, claim, chars) - view.freeLogProb) - view.penalty;
}
