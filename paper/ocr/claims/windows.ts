/** Parts of a line that may hold the value alone: behind a label's colon, or between wide gaps. Pure. */
import type { CharTable } from '../char-table.ts';
import { sameCharKey } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { sliceFrames } from '../ctc/frames.ts';
import type { DecodedChar } from '../ctc/greedy.ts';

/** A gap this many character heights wide separates columns, not the characters of a spaced name. */
const wideGap = 2.5;
const maxWindows = 4;

export function windowsOf(
  matrix: FrameMatrix,
  decoded: readonly DecodedChar[],
  chars: CharTable,
  framesPerHeight: number,
): FrameMatrix[] {
  const cuts: [number, number][] = [];
  const colon = decoded.findIndex((char) => sameCharKey(chars.charOf(char.classId)) === ':');
  const afterColon = decoded[colon];
  // Labels are short; a colon deep in the text belongs to the text.
  if (afterColon && colon <= 10 && colon < decoded.length - 1) cuts.push([afterColon.to + 1, matrix.frames]);
  let from = 0;
  decoded.forEach((char, i) => {
    const next = decoded[i + 1];
    if (!next || next.from - char.to < wideGap * framesPerHeight) return;
    const middle = Math.round((next.from + char.to) / 2);
    cuts.push([from, middle]);
    from = middle;
  });
  if (from > 0) cuts.push([from, matrix.frames]);
  return cuts
    .filter(([a, b]) => b - a >= 2)
    .slice(0, maxWindows)
    .map(([a, b]) => sliceFrames(matrix, a, b));
}
