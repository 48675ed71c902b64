/** What is worth remembering of a line that was read: the likely classes of each frame, a hundredth of the whole. Pure. */
import { likeliest } from './frames.ts';
import type { BestFrames, FrameMatrix } from './frames.ts';

export interface KeptFrames extends BestFrames {
  classes: number;
  /** Kept classes of frame t: `ids` and `values` (log probabilities) from `starts[t]` to `starts[t + 1]`. */
  starts: Int32Array;
  ids: Uint16Array;
  values: Float32Array;
}

/** Classes this far (natural log) under a frame's best are let go; together they hold less than a thousandth. */
const REACH = 16;

/** As `logSoftmaxFrames`, for what is within reach; `logProb` is that of the best class, blank or not. */
export function keepFrames(
  logits: Float32Array,
  frames: number,
  classes: number,
  blank: number,
  temperature = 1,
): KeptFrames {
  const best = new Int32Array(frames);
  const logProb = new Float32Array(frames);
  const starts = new Int32Array(frames + 1);
  let ids = new Uint16Array(frames * 16);
  let values = new Float32Array(frames * 16);
  let count = 0;
  for (let t = 0; t < frames; t += 1) {
    const row = t * classes;
    const top = likeliest(logits, row, classes);
    const max = logits[row + top] as number;
    if (ids.length < count + classes) {
      ids = grown(ids, new Uint16Array(2 * ids.length + classes));
      values = grown(values, new Float32Array(2 * values.length + classes));
    }
    const floor = max - REACH * temperature;
    const from = count;
    let sum = 0;
    for (let c = 0; c < classes; c += 1) {
      const value = logits[row + c] as number;
      if (value <= floor) continue;
      const above = (value - max) / temperature;
      ids[count] = c;
      values[count] = above;
      count += 1;
      sum += Math.exp(above);
    }
    const norm = Math.log(sum);
    for (let k = from; k < count; k += 1) values[k] = (values[k] as number) - norm;
    best[t] = top;
    logProb[t] = -norm;
    starts[t + 1] = count;
  }
  return {
    frames,
    classes,
    blank,
    best,
    logProb,
    starts,
    ids: ids.slice(0, count),
    values: values.slice(0, count),
  };
}

/** The whole matrix again; what was let go stands at the edge of reach. */
export function expandFrames({
  frames,
  classes,
  blank,
  best,
  logProb,
  starts,
  ids,
  values,
}: KeptFrames): FrameMatrix {
  const data = new Float32Array(frames * classes);
  for (let t = 0; t < frames; t += 1) {
    const row = t * classes;
    data.fill((logProb[t] as number) - REACH, row, row + classes);
    for (let k = starts[t] as number; k < (starts[t + 1] as number); k += 1)
      data[row + (ids[k] as number)] = values[k] as number;
  }
  return { data, frames, classes, blank, best };
}

function grown<T extends Uint16Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
