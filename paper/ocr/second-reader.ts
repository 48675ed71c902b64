/**
 * A second recogniser for lines of which the first is not sure. Its frames are translated into the classes of the first, so
 * that whatever decodes, cuts or scores frames need not know which of the two saw the line. Pure.
 */
import type { KeptFrames } from './ctc/kept-frames.ts';
import type { LoadedRecogniser } from './model-pack.ts';
import type { Recogniser } from './recogniser.ts';

export interface SecondReader {
  recogniser: Recogniser;
  /** Lines whose mean confidence under the first recogniser is lower are read again, 0..1. */
  below: number;
  /** The line in the classes of both. */
  translate: (line: KeptFrames) => KeptFrames;
  /** Whether the second recogniser has the character of this class at all. */
  knows: (classId: number) => boolean;
}

export interface JoinedCharsets extends Pick<SecondReader, 'translate' | 'knows'> {
  /** The first recogniser's characters under their own classes, then those that only the second has. */
  chars: string[];
}

type Charset = Pick<LoadedRecogniser, 'chars' | 'output'>;

export function joinCharsets(first: Charset, second?: Charset): JoinedCharsets {
  const chars = [...first.chars];
  const { firstClass, blank } = first.output;
  const classOf = new Map(chars.map((char, i) => [char, i + firstClass]));
  if (!second) return { chars, translate: (line) => line, knows: () => true };
  const target = new Uint16Array(second.chars.length + second.output.firstClass).fill(blank);
  const known = new Set<number>([blank]);
  second.chars.forEach((char, i) => {
    // The first recogniser has no class for the gap between words: there it is blank, as every gap is.
    if (/^\s$/u.test(char)) return;
    let own = classOf.get(char);
    if (own === undefined) {
      chars.push(char);
      own = chars.length - 1 + firstClass;
      classOf.set(char, own);
    }
    target[i + second.output.firstClass] = own;
    known.add(own);
  });
  const classes = chars.length + firstClass;
  return {
    chars,
    translate: (line) => translated(line, target, { classes, blank }),
    knows: (classId) => known.has(classId),
  };
}

function translated(
  line: KeptFrames,
  target: Uint16Array,
  { classes, blank }: { classes: number; blank: number },
): KeptFrames {
  const { frames, starts } = line;
  const best = new Int32Array(frames);
  const logProb = new Float32Array(frames);
  const newStarts = new Int32Array(frames + 1);
  const ids = new Uint16Array(line.ids.length);
  const values = new Float32Array(line.values.length);
  /** Where a class stands among those of the frame at hand; what lies before `from` is of an earlier one. */
  const at = new Int32Array(classes).fill(-1);
  let count = 0;
  for (let t = 0; t < frames; t += 1) {
    const from = count;
    for (let k = starts[t] as number; k < (starts[t + 1] as number); k += 1) {
      const id = target[line.ids[k] as number] as number;
      const value = line.values[k] as number;
      const twin = at[id] as number;
      if (twin < from) {
        at[id] = count;
        ids[count] = id;
        values[count] = value;
        count += 1;
      } else values[twin] = logSum(values[twin] as number, value);
    }
    let top = from;
    for (let k = from; k < count; k += 1) if ((values[k] as number) > (values[top] as number)) top = k;
    best[t] = count > from ? (ids[top] as number) : blank;
    logProb[t] = count > from ? (values[top] as number) : 0;
    newStarts[t + 1] = count;
  }
  return {
    frames,
    classes,
    blank,
    best,
    logProb,
    starts: newStarts,
    ids: ids.slice(0, count),
    values: values.slice(0, count),
  };
}

function logSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most + Math.log1p(Math.exp(Math.min(a, b) - most));
}
