/** What is worth remembering of a line that was read: the likely classes of each frame, a hundredth of the whole. Pure. */
import type { BestFrames, FrameMatrix } from './frames.ts';

export interface KeptFrames extends BestFrames {
  classes: number;
  /** Kept classes of frame t: `ids` and `values` (log probabilities) from `starts[t]` to `starts[t + 1]`. */
  starts: Int32Array;
  ids: Uint16Array;
  values: Float32Array;
}

/** Classes this far (natural log) under a frame's best are let go; together they hold less than a thousandth. */
const keptReach = 16;

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
  const likely = new Uint16Array(classes);
  const reach = keptReach * temperature;
  let count = 0;
  for (let t = 0; t < frames; t += 1) {
    const row = t * classes;
    if (ids.length < count + classes) {
      ids = grown(ids, new Uint16Array(2 * ids.length + classes));
      values = grown(values, new Float32Array(2 * values.length + classes));
    }
    // Thousands of classes a frame, and most frames are blank: the floor starts there, and rises with what stands above it.
    let max = logits[row + blank] as number;
    let top = blank;
    let floor = max - reach;
    let seen = 0;
    for (let c = 0; c < classes; c += 1) {
      const value = logits[row + c] as number;
      if (value <= floor) continue;
      likely[seen] = c;
      seen += 1;
      if (value > max || (value === max && c < top)) {
        max = value;
        top = c;
        floor = max - reach;
      }
    }
    const from = count;
    let sum = 0;
    for (let k = 0; k < seen; k += 1) {
      const c = likely[k] as number;
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
    data.fill((logProb[t] as number) - keptReach, row, row + classes);
    for (let k = starts[t] as number; k < (starts[t + 1] as number); k += 1)
      data[row + (ids[k] as number)] = values[k] as number;
  }
  return { data, frames, classes, blank, best };
}

function grown<T extends Uint16Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
