/** The texts most easily mistaken for a claim, given where the recogniser wavers. Pure. */
import { sameCharKey } from '../char-table.ts';
import type { CharTable } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import type { ClaimChar } from './claim-text.ts';
import { lookalikesOf } from './lookalikes.ts';

/** Rivals whose likelihood is computed in full; the estimate that picks them is right about the first few. */
const maxRivals = 24;
/** A rival that is estimated to be this much less likely (natural log) than the claim changes no score; */
const hopeless = -14;
/** these many are computed all the same. */
const minRivals = 6;
/** A frame that is this sure (log probability) of its class has no other worth looking at. */
const sure = -1e-4;
/** Classes looked at for each character of the claim. */
const classesKept = 4;

export interface RivalRequest {
  matrix: FrameMatrix;
  chars: CharTable;
  claim: readonly ClaimChar[];
  /** Frames of each character of the claim, undefined where it was left out. */
  spans: readonly ([number, number] | undefined)[];
}

interface Candidate {
  text: string;
  /** Estimated gain in log probability over the claim. */
  gain: number;
}

export function proposeRivals({ matrix, chars, claim, spans }: RivalRequest): string[] {
  const candidates: Candidate[] = [];
  const texts = claim.map((c) => c.char);
  const edit = (from: number, count: number, ...put: string[]): string =>
    [...texts.slice(0, from), ...put, ...texts.slice(from + count)].join('');
  const logProb = (t: number, c: number): number => matrix.data[t * matrix.classes + c] as number;

  const peak = (span: readonly [number, number], char: string): number => {
    let best = -40;
    for (const c of chars.classesOf(char)) {
      for (let t = span[0]; t <= span[1]; t += 1) best = Math.max(best, logProb(t, c));
    }
    return best;
  };

  claim.forEach((item, i) => {
    const span = spans[i];
    if (item.optional || !span) return;
    const wide: [number, number] = [Math.max(0, span[0] - 1), Math.min(matrix.frames - 1, span[1] + 1)];
    const own = peak(wide, item.char);
    const others = new Set<string>([...lookalikesOf(item.char), ...topChars(matrix, chars, wide)]);
    if (/[0-9]/.test(item.key)) for (const digit of '0123456789') others.add(digit);
    for (const other of others) {
      if (sameCharKey(other) === item.key) continue;
      candidates.push({ text: edit(i, 1, other), gain: peak(wide, other) - own });
    }
    let dropped = 0;
    for (let t = span[0]; t <= span[1]; t += 1) dropped += logProb(t, matrix.blank) - peak([t, t], item.char);
    candidates.push({ text: edit(i, 1), gain: dropped });
    const nextIndex = i + 1;
    const next = claim[nextIndex];
    const nextSpan = spans[nextIndex];
    if (next && nextSpan && next.key !== item.key) {
      const gain =
        peak(span, next.char) - peak(span, item.char) + peak(nextSpan, item.char) - peak(nextSpan, next.char);
      candidates.push({ text: edit(i, 2, next.char, item.char), gain });
    }
  });

  for (const { char, at, gain } of insertions(matrix, chars, spans))
    candidates.push({ text: edit(at, 0, char), gain });

  const ranked = candidates.sort((a, b) => b.gain - a.gain);
  const near = ranked.filter(({ gain }, i) => gain > hopeless || i < minRivals);
  return [...new Set(near.map(({ text }) => text))].slice(0, maxRivals);
}

function topChars(matrix: FrameMatrix, chars: CharTable, [from, to]: readonly [number, number]): string[] {
  const best = new Map<number, number>();
  for (let t = from; t <= to; t += 1) {
    for (const c of topClasses(matrix, t, classesKept)) {
      best.set(c, Math.max(best.get(c) ?? -Infinity, matrix.data[t * matrix.classes + c] as number));
    }
  }
  return [...best]
    .sort((a, b) => b[1] - a[1])
    .slice(0, classesKept + 1)
    .map(([c]) => chars.charOf(c));
}

function topClasses(matrix: FrameMatrix, t: number, count: number): number[] {
  const row = t * matrix.classes;
  const best = matrix.best[t] as number;
  if ((matrix.data[row + best] as number) > sure) return best === matrix.blank ? [] : [best];
  const top: number[] = [];
  for (let c = 0; c < matrix.classes; c += 1) {
    if (c === matrix.blank) continue;
    const value = matrix.data[row + c] as number;
    if (top.length === count && value <= (matrix.data[row + (top[count - 1] as number)] as number)) continue;
    let k = top.length;
    while (k > 0 && value > (matrix.data[row + (top[k - 1] as number)] as number)) k -= 1;
    top.splice(k, 0, c);
    if (top.length > count) top.pop();
  }
  return top;
}

/** In every gap between the claim's characters the likeliest further character. */
function insertions(
  matrix: FrameMatrix,
  chars: CharTable,
  spans: RivalRequest['spans'],
): { char: string; at: number; gain: number }[] {
  const found: { char: string; at: number; gain: number }[] = [];
  let from = 0;
  const tryGap = (to: number, at: number): void => {
    let best: { char: string; at: number; gain: number } | undefined;
    for (let t = from; t <= to; t += 1) {
      const [top] = topClasses(matrix, t, 1);
      if (top === undefined) continue;
      const gain =
        (matrix.data[t * matrix.classes + top] as number) -
        (matrix.data[t * matrix.classes + matrix.blank] as number);
      if (!best || gain > best.gain) best = { char: chars.charOf(top), at, gain };
    }
    if (best && best.gain > -12) found.push(best);
  };
  spans.forEach((span, i) => {
    if (!span) return;
    tryGap(span[0] - 1, i);
    from = span[1] + 1;
  });
  tryGap(matrix.frames - 1, spans.length);
  return found;
}
