/** Greedy decoding: the best class of each frame, repeats and blanks taken out. Pure. */
import type { BestFrames, FrameMatrix } from './frames.ts';

export interface DecodedChar {
  classId: number;
  /** First and last frame whose best class is this character. */
  from: number;
  to: number;
  /** Greatest log probability the character reaches in its frames. */
  logProb: number;
}

export function decodeGreedily(line: FrameMatrix | BestFrames): DecodedChar[] {
  const chars: DecodedChar[] = [];
  let previous = line.blank;
  for (let t = 0; t < line.frames; t += 1) {
    const classId = line.best[t] as number;
    const logProb = ('data' in line ? line.data[t * line.classes + classId] : line.logProb[t]) as number;
    if (classId !== line.blank) {
      const last = chars.at(-1);
      if (classId === previous && last) {
        last.to = t;
        last.logProb = Math.max(last.logProb, logProb);
      } else {
        chars.push({ classId, from: t, to: t, logProb });
      }
    }
    previous = classId;
  }
  return chars;
}

/** Takes out a sign that was read twice, once in each width: `twin(a, b)` says that two classes show one sign. */
export function dropTwins(
  chars: readonly DecodedChar[],
  twin: (a: number, b: number) => boolean,
): DecodedChar[] {
  return chars.filter((char, i) => {
    const before = chars[i - 1];
    return !before || before.classId === char.classId || !twin(before.classId, char.classId);
  });
}

/** Mean probability of the characters, 0 for none: the line's confidence. */
export function meanConfidence(chars: readonly DecodedChar[]): number {
  if (chars.length === 0) return 0;
  return chars.reduce((sum, char) => sum + Math.exp(char.logProb), 0) / chars.length;
}

/** Log probability of the single best path. */
export function bestPathLogProb(matrix: FrameMatrix): number {
  let sum = 0;
  for (let t = 0; t < matrix.frames; t += 1)
    sum += matrix.data[t * matrix.classes + (matrix.best[t] as number)] as number;
  return sum;
}
