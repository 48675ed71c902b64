/** Views of marks out of the lines that they lie on: each line is recognised once, whole, and cut between characters. */
import type { Quad } from '#domain/reading/schema.ts';
import type { CharTable } from '../char-table.ts';
import { joinFrames, sliceFrames } from '../ctc/frames.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { decodeGreedily, dropTwins } from '../ctc/greedy.ts';
import { expandFrames } from '../ctc/kept-frames.ts';
import type { KeptFrames } from '../ctc/kept-frames.ts';
import { keepLines, recogniseBoxes } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { unusualPenalty, cutAlong } from './claim-crops.ts';
import { aspectOf, viewOf, viewsOf } from './claim-views.ts';
import type { View } from './claim-views.ts';
import { codeRunUnder } from './code-runs.ts';
import { behindLabel, framesWithin, runBefore, runBehind } from './line-parts.ts';
import type { FrameRange, RecognisedLine } from './line-parts.ts';
import type { MarkedLine } from './marked-lines.ts';

/** How much wider narrow text is drawn; CTC drops one of two equal neighbours that stand too close. */
export const narrowStretch = 1.4;

export interface LineQuestion {
  lines: readonly MarkedLine[];
  /** A wider view too, for narrow text. */
  wide: boolean;
  /** The claim is a code: what the marks cut off it is looked at too. */
  code: boolean;
  /** Text that goes on behind the mark does not count. */
  part: boolean;
  /** Words that stand before the value. */
  labels: readonly string[];
}

/** For each question its views. Lines that were read need no run of the network, all others share one for each width. */
export async function lookAtLines(
  reader: Reader,
  page: DetectedPage,
  questions: readonly LineQuestion[],
  check: () => void,
): Promise<View[][]> {
  const lines = [...new Set(questions.flatMap((question) => question.lines.map(({ line }) => line)))];
  const kept = await keepLines(reader, page, lines, check);
  const recognised = new Map(
    lines.map((line, i): [Quad, RecognisedLine] => {
      const matrix = expandFrames(kept[i] as KeptFrames);
      const decoded = dropTwins(decodeGreedily(matrix), reader.chars.areTwins);
      return [line, { matrix, decoded, framesPerHeight: matrix.frames / Math.max(1, aspectOf(line)) }];
    }),
  );
  const cut = questions.map((question) => ({
    question,
    parts: question.lines.map(({ line, from, to }): Part => {
      const whole = recognised.get(line) as RecognisedLine;
      return { line, whole, range: framesWithin(whole, from, to) };
    }),
  }));

  const stretched = cut.map(({ question, parts }) => (question.wide ? parts.map(quadOf) : []));
  const wide = await recogniseBoxes(reader, page, stretched.flat(), check, narrowStretch);
  let taken = 0;
  return cut.map(({ question, parts }, i) => {
    const own = wide.slice(taken, (taken += stretched[i]?.length ?? 0));
    return partViews(parts, question, own, reader.chars);
  });
}

interface Part {
  line: Quad;
  whole: RecognisedLine;
  range: FrameRange;
}

/** The marks as they are first; each other view is an unusual one. */
function partViews(
  parts: readonly Part[],
  { code, part, labels }: LineQuestion,
  wide: readonly FrameMatrix[],
  chars: CharTable,
): View[] {
  const matrix = joinFrames(parts.map(({ whole, range: [from, to] }) => sliceFrames(whole.matrix, from, to)));
  const framesPerHeight = parts[0]?.whole.framesPerHeight ?? 1;
  const views = viewsOf([{ matrix, penalty: 0, framesPerHeight }], chars);
  const [marked] = views;
  const lead = marked && behindLabel(marked, chars, labels);
  if (lead) views.push({ ...viewOf(lead, chars, unusualPenalty), isLed: true });
  if (wide.length > 0)
    views.push(
      ...viewsOf(
        [
          {
            matrix: joinFrames(wide),
            penalty: unusualPenalty,
            framesPerHeight: narrowStretch * framesPerHeight,
          },
        ],
        chars,
      ),
    );
  const run = code ? codeRun(parts, chars) : part ? undefined : textRun(parts, chars, labels);
  if (run) views.push({ ...viewOf(run, chars, unusualPenalty), isRun: true });
  return views;
}

/** Marks on a part of a line often cut the first or last signs off: what belongs to the code is seen on the line. */
function codeRun([only, ...more]: readonly Part[], chars: CharTable): FrameMatrix | undefined {
  if (!only || more.length > 0) return undefined;
  const { matrix, decoded, framesPerHeight } = only.whole;
  return codeRunUnder(matrix, decoded, chars, { marked: only.range, framesPerHeight });
}

/**
 * What follows the last mark directly belongs to the value, and what stands directly before the first one: a name goes on,
 * an address has a house number, a company a place before its name. Labels stand there too, and do not count.
 */
function textRun(
  parts: readonly Part[],
  chars: CharTable,
  labels: readonly string[],
): FrameMatrix | undefined {
  const [first, last] = [parts[0], parts.at(-1)];
  const start = first && runBefore(first.whole, first.range[0], { chars, labels });
  const end = last && runBehind(last.whole, last.range[1], chars);
  if (start === undefined && end === undefined) return undefined;
  return joinFrames(
    parts.map(({ whole, range: [from, to] }, i) =>
      sliceFrames(whole.matrix, i === 0 ? (start ?? from) : from, i === parts.length - 1 ? (end ?? to) : to),
    ),
  );
}

function quadOf({ line, whole, range: [from, to] }: Part): Quad {
  const { frames } = whole.matrix;
  return cutAlong(line, from / frames, to / frames);
}
