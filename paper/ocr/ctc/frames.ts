/** Frame matrices: natural-log class probabilities for each step of a line. Pure. */

/** `logProb(t, c) = data[t * classes + c]`; rows sum to 1 after exp. */
export interface FrameMatrix {
  data: Float32Array;
  frames: number;
  classes: number;
  blank: number;
  /** Likeliest class of each frame. */
  best: Int32Array;
}

/** Terms this far under the maximum (in logits) add less than 1e-5 of it even in thousands: their exp is skipped. */
const negligible = 20;

/** Copies the logits and normalises each frame; a temperature above 1 flattens over-confident ones. */
export function logSoftmaxFrames(
  logits: Float32Array,
  frames: number,
  classes: number,
  blank: number,
  temperature = 1,
): FrameMatrix {
  const data = new Float32Array(frames * classes);
  const best = new Int32Array(frames);
  for (let t = 0; t < frames; t += 1) {
    const row = t * classes;
    let top = 0;
    let max = -Infinity;
    for (let c = 0; c < classes; c += 1) {
      const value = (logits[row + c] as number) / temperature;
      data[row + c] = value;
      if (value > max) {
        max = value;
        top = c;
      }
    }
    let sum = 0;
    for (let c = 0; c < classes; c += 1) {
      const gap = (data[row + c] as number) - max;
      if (gap > -negligible) sum += Math.exp(gap);
    }
    const norm = max + Math.log(sum);
    for (let c = 0; c < classes; c += 1) data[row + c] = (data[row + c] as number) - norm;
    best[t] = top;
  }
  return { data, frames, classes, blank, best };
}

/** What reading needs of a line: the likeliest class of each frame and, where that is no blank, its log probability. */
export interface BestFrames {
  frames: number;
  blank: number;
  best: Int32Array;
  /** 0 at blank frames, whose probability nobody asks for. */
  logProb: Float32Array;
}

/** Index within its frame of the greatest of the `classes` logits from `row` on; the first of equals. */
export function likeliest(logits: Float32Array, row: number, classes: number): number {
  let top = 0;
  let max = -Infinity;
  for (let c = 0; c < classes; c += 1) {
    const value = logits[row + c] as number;
    if (value > max) {
      max = value;
      top = c;
    }
  }
  return top;
}

/** The best classes alone: most frames are blank, and these need no sum over thousands of classes. */
export function bestOfFrames(
  logits: Float32Array,
  frames: number,
  classes: number,
  blank: number,
  temperature = 1,
): BestFrames {
  const best = new Int32Array(frames);
  const logProb = new Float32Array(frames);
  for (let t = 0; t < frames; t += 1) {
    const row = t * classes;
    const top = likeliest(logits, row, classes);
    best[t] = top;
    if (top === blank) continue;
    const max = logits[row + top] as number;
    const floor = max - negligible * temperature;
    let sum = 0;
    for (let c = 0; c < classes; c += 1) {
      const value = logits[row + c] as number;
      if (value > floor) sum += Math.exp((value - max) / temperature);
    }
    logProb[t] = -Math.log(sum);
  }
  return { frames, blank, best, logProb };
}

/** A frame that is blank for certain; set between lines so that a character at the break is not merged with its twin. */
export function joinFrames(parts: readonly FrameMatrix[]): FrameMatrix {
  const first = parts[0];
  if (!first) throw new Error('nothing to join');
  if (parts.length === 1) return first;
  const { classes, blank } = first;
  const frames = parts.reduce((sum, part) => sum + part.frames, parts.length - 1);
  const data = new Float32Array(frames * classes);
  const best = new Int32Array(frames);
  let t = 0;
  parts.forEach((part, i) => {
    if (i > 0) {
      data.fill(-30, t * classes, (t + 1) * classes);
      data[t * classes + blank] = 0;
      best[t] = blank;
      t += 1;
    }
    data.set(part.data, t * classes);
    best.set(part.best, t);
    t += part.frames;
  });
  return { data, frames, classes, blank, best };
}

export function sliceFrames(matrix: FrameMatrix, from: number, to: number): FrameMatrix {
  const { classes, blank } = matrix;
  return {
    data: matrix.data.subarray(from * classes, to * classes),
    frames: to - from,
    classes,
    blank,
    best: matrix.best.subarray(from, to),
  };
}
