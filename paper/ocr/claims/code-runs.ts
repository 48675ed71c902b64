/** The whole code on a line of which a mark may show a part: letters and digits without a gap. Pure. */
import type { CharTable } from '../char-table.ts';
import { sameCharKey } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { sliceFrames } from '../ctc/frames.ts';
import type { DecodedChar } from '../ctc/greedy.ts';

/** A gap this many line heights wide ends a code. */
const gap = 0.9;
/** Shorter ones stand within words and sentences. */
const minLength = 5;

/** Whether every sign with a meaning is a letter or a digit, and there are enough of them. */
export function isCode(core: string): boolean {
  return core.length >= minLength && /^[0-9A-Za-z]+$/.test(core);
}

/** The run of letters and digits under `marked` (frames of the line), from its first to its last; undefined for none. */
export function codeRunUnder(
  line: FrameMatrix,
  decoded: readonly DecodedChar[],
  chars: CharTable,
  { marked, framesPerHeight }: { marked: readonly [from: number, to: number]; framesPerHeight: number },
): FrameMatrix | undefined {
  const runs: DecodedChar[][] = [];
  decoded.forEach((char, i) => {
    if (!/[0-9A-Za-z]/.test(sameCharKey(chars.charOf(char.classId)))) return;
    const before = decoded[i - 1];
    const run = runs.at(-1);
    const isNext = before && run?.at(-1) === before && char.from - before.to < gap * framesPerHeight;
    if (isNext) run?.push(char);
    else runs.push([char]);
  });
  const shared = (run: readonly DecodedChar[]): number =>
    Math.min(run.at(-1)?.to ?? 0, marked[1]) - Math.max(run[0]?.from ?? 0, marked[0]);
  const [best] = runs
    .filter((run) => run.length >= minLength && shared(run) >= 0.5 * (marked[1] - marked[0]))
    .sort((a, b) => shared(b) - shared(a));
  const [first, last] = [best?.[0], best?.at(-1)];
  if (!first || !last) return undefined;
  const [before, after] = [decoded[decoded.indexOf(first) - 1], decoded[decoded.indexOf(last) + 1]];
  const from = before ? Math.ceil((before.to + 1 + first.from) / 2) : 0;
  const to = after ? Math.floor((last.to + 1 + after.from) / 2) : line.frames;
  return sliceFrames(line, from, Math.max(to, last.to + 1));
}
