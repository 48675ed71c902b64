/** Signs that a kind of value cannot hold: what looks like one is the sign it is taken for (no O in a credit code, only 0). Pure. */
import type { CharTable } from '../char-table.ts';
import type { FrameMatrix } from '../ctc/frames.ts';
import { viewOf } from './claim-views.ts';
import type { View } from './claim-views.ts';

/** What is left of a sign that cannot stand there. */
const never = -40;

/** The view as a reader sees it who knows the alphabet. */
export function viewWithStandIns(
  view: View,
  standIns: Readonly<Record<string, string>>,
  chars: CharTable,
): View {
  const moves = Object.entries(standIns).flatMap(([sign, other]) => {
    const [to] = chars.classesOf(other);
    return to === undefined ? [] : chars.classesOf(sign).map((from): Move => ({ from, to }));
  });
  const known = viewOf(movedFrames(view.matrix, moves), chars, view.penalty);
  return {
    ...known,
    ...(view.isRun === undefined ? {} : { isRun: view.isRun }),
    ...(view.isLed === undefined ? {} : { isLed: view.isLed }),
  };
}

interface Move {
  from: number;
  to: number;
}

/** In every frame the probability of `from` goes to `to`; rows still sum to 1. */
export function movedFrames(matrix: FrameMatrix, moves: readonly Move[]): FrameMatrix {
  const data = matrix.data.slice();
  const best = matrix.best.slice();
  for (let t = 0; t < matrix.frames; t += 1) {
    const row = t * matrix.classes;
    for (const { from, to } of moves) {
      const [a, b] = [data[row + from] as number, data[row + to] as number];
      data[row + to] = Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
      data[row + from] = never;
      const top = best[t] as number;
      if (top === from || (data[row + to] as number) > (data[row + top] as number)) best[t] = to;
    }
  }
  return { ...matrix, data, best };
}
