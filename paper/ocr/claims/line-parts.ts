/** Parts of a recognised line, cut between its characters: a mark's edges need not be exact. Pure. */
import { sameCharKey } from '../char-table.ts';
import type { CharTable } from '../char-table.ts';
import { sliceFrames } from '../ctc/frames.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import type { DecodedChar } from '../ctc/greedy.ts';

export interface RecognisedLine {
  matrix: FrameMatrix;
  decoded: readonly DecodedChar[];
  /** Frames that a stretch of the line as long as it is high takes up. */
  framesPerHeight: number;
}

/** First and last frame (exclusive) of a part. */
export type FrameRange = readonly [from: number, to: number];

/** Characters that stand closer than this many line heights follow each other directly. */
const joined = 0.9;

/**
 * The frames of the characters whose middle lies within `from`..`to` (parts of the line's length), cut half-way to the
 * neighbours left out. Where no character stands, the part as it is.
 */
export function framesWithin({ matrix, decoded }: RecognisedLine, from: number, to: number): FrameRange {
  const middle = (char: DecodedChar): number => (char.from + char.to + 1) / 2 / matrix.frames;
  const first = decoded.findIndex((char) => middle(char) >= from);
  const last = decoded.findLastIndex((char) => middle(char) <= to);
  if (first < 0 || last < first) {
    const start = Math.min(matrix.frames - 1, Math.floor(from * matrix.frames));
    return [start, Math.max(start + 1, Math.ceil(to * matrix.frames))];
  }
  return [edgeBefore(matrix, decoded, first), edgeBefore(matrix, decoded, last + 1)];
}

/** The frame between character `at` and the one before it. */
export function edgeBefore(matrix: FrameMatrix, decoded: readonly DecodedChar[], at: number): number {
  const [before, after] = [decoded[at - 1], decoded[at]];
  if (!before) return 0;
  if (!after) return matrix.frames;
  return Math.max(before.to + 1, Math.floor((before.to + 1 + after.from) / 2));
}

/**
 * Where the text goes on behind `end` without a gap or a sign between, its end: a mark that stops there shows a part of
 * something. Undefined when nothing follows.
 */
export function runBehind(
  { matrix, decoded, framesPerHeight }: RecognisedLine,
  end: number,
  chars: CharTable,
): number | undefined {
  const next = decoded.findIndex((char) => char.from >= end);
  let at = next;
  while (at > 0 && at < decoded.length) {
    const [before, char] = [decoded[at - 1], decoded[at]];
    if (!before || !char || char.from - before.to >= joined * framesPerHeight) break;
    if (!isText(chars.charOf(char.classId)) || !isText(chars.charOf(before.classId))) break;
    at += 1;
  }
  return next > 0 && at > next ? edgeBefore(matrix, decoded, at) : undefined;
}

/** Brackets belong to a name; a colon, a stop or a comma ends it. */
const isText = (char: string): boolean => /[\p{L}\p{N}()]/u.test(sameCharKey(char));

/** The text without the label's last characters before it, which a mark often takes in: 关青岛市… behind 登记机关. */
export function behindLabel(
  { matrix, decoded }: Pick<RecognisedLine, 'matrix' | 'decoded'>,
  chars: CharTable,
  labels: readonly string[],
): FrameMatrix | undefined {
  const text = decoded.map(({ classId }) => sameCharKey(chars.charOf(classId)));
  const ends = labels.flatMap((label) => [...label].map((_, i, all) => all.slice(i)));
  const taken = ends
    .filter((end) => end.length < text.length && end.every((char, i) => char === text[i]))
    .sort((a, b) => b.length - a.length)[0];
  return taken && sliceFrames(matrix, edgeBefore(matrix, decoded, taken.length), matrix.frames);
}
