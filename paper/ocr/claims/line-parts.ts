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

/**
 * Where text stands before `start` without a gap or a sign between, and is no label, its beginning: a mark that starts
 * there hides the beginning of something. Undefined when nothing precedes.
 */
export function runBefore(
  { matrix, decoded, framesPerHeight }: RecognisedLine,
  start: number,
  { chars, labels }: { chars: CharTable; labels: readonly string[] },
): number | undefined {
  const first = decoded.findIndex((char) => char.from >= start);
  let at = first;
  while (at > 0) {
    const [before, char] = [decoded[at - 1], decoded[at]];
    if (!before || !char || char.from - before.to >= joined * framesPerHeight) break;
    if (!isText(chars.charOf(char.classId)) || !isText(chars.charOf(before.classId))) break;
    at -= 1;
  }
  if (at >= first) return undefined;
  const keys = decoded.slice(at).map(({ classId }) => sameCharKey(chars.charOf(classId)));
  return isLabelBefore(keys, first - at, labels) || isSpeck(keys, first - at)
    ? undefined
    : edgeBefore(matrix, decoded, at);
}

/** A label ends at the mark's edge or within the mark; one of its characters may be misread, or its first ones missing. */
function isLabelBefore(keys: readonly string[], mark: number, labels: readonly string[]): boolean {
  // 法定代表人（负责人）: the label stands before the brackets, or in them.
  const edges = keys[mark - 1] === ')' ? [mark - 1, keys.lastIndexOf('(', mark)] : [mark];
  return edges.some((edge) => edge > 0 && labels.some((label) => standsAt(label, keys, edge)));
}

function standsAt(label: string, keys: readonly string[], edge: number): boolean {
  const wanted = [...label].map(sameCharKey);
  for (let start = edge - wanted.length; start < edge; start += 1) {
    const shown = wanted.slice(Math.max(0, -start));
    const stands = keys.slice(Math.max(0, start), Math.max(0, start) + shown.length);
    const errors = shown.filter((key, i) => key !== stands[i]).length;
    if (errors <= (shown.length >= 2 ? 1 : 0)) return true;
  }
  return false;
}

/** A single letter or digit before a hanzi: the edge of a label or of a frame, and no beginning of a name. */
function isSpeck(keys: readonly string[], edge: number): boolean {
  return edge === 1 && /[0-9A-Za-z]/.test(keys[0] ?? '') && /\p{Script=Han}/u.test(keys[1] ?? '');
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
