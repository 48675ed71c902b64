/**
 * CTC forward algorithm over a lattice (Graves et al. 2006, extended from one label sequence to many): the log
 * probability that the frames spell any sequence of the lattice. Every node has two states: emitting its class, and
 * the blank after it. Exact as long as no sequence can be spelled by two ways through the lattice. Pure.
 */
import type { FrameMatrix } from './frames.ts';
import type { Lattice } from './lattice.ts';

const none = -Infinity;

/**
 * Spellings this far (natural log) behind the best one at a frame are let go: what they could still add is beyond
 * anything that a score asks, and a long text costs its length times its frames no more.
 */
const beam = 30;

export function forwardLogProb(matrix: FrameMatrix, lattice: Lattice): number {
  const n = lattice.classes.length;
  const reach = reachOf(lattice);
  const lastFirst = lattice.isFirst.lastIndexOf(1);
  let now = makeStates(n);
  let next = makeStates(n);
  // Before the first frame only "nothing yet" is possible.
  let start = 0;
  let top = 0;
  for (let t = 0; t < matrix.frames; t += 1) {
    const row = t * matrix.classes;
    const blank = matrix.data[row + matrix.blank] as number;
    const begins = start > top - beam;
    const low = begins ? 0 : now.low;
    const high = Math.min(n - 1, Math.max(now.high + reach, begins ? lastFirst : -1));
    clear(next);
    next.low = n;
    next.high = -1;
    let best = start + blank;
    for (let i = low; i <= high; i += 1) {
      const classId = lattice.classes[i] as number;
      let total = now.emit[i] as number;
      if (begins && lattice.isFirst[i]) total = logAdd(total, start);
      const before = lattice.before[i] as Int32Array;
      for (let k = 0; k < before.length; k += 1) {
        const p = before[k] as number;
        total = logAdd(total, now.pause[p] as number);
        // Two equal characters in a row need a blank between them.
        if (lattice.classes[p] !== classId) total = logAdd(total, now.emit[p] as number);
      }
      const emit = total + (matrix.data[row + classId] as number);
      const pause = logAdd(now.pause[i] as number, now.emit[i] as number) + blank;
      next.emit[i] = emit;
      next.pause[i] = pause;
      const most = emit > pause ? emit : pause;
      if (most > best) best = most;
    }
    next.writtenFrom = low;
    next.writtenTo = high;
    for (let i = low; i <= high; i += 1) {
      if ((next.emit[i] as number) <= best - beam && (next.pause[i] as number) <= best - beam) continue;
      if (next.low > i) next.low = i;
      next.high = i;
    }
    // Nobody is left in the band: the next frame begins nowhere.
    if (next.high < 0) next.low = 0;
    [now, next] = [next, now];
    top = best;
    start += blank;
  }
  let result = lattice.acceptsEmpty ? start : none;
  for (let i = 0; i < n; i += 1) {
    if (lattice.isLast[i]) result = logAdd(result, logAdd(now.emit[i] as number, now.pause[i] as number));
  }
  return result;
}

interface States {
  emit: Float64Array;
  pause: Float64Array;
  /** Nodes that are near enough to the best. */
  low: number;
  high: number;
  /** Nodes whose values are not none. */
  writtenFrom: number;
  writtenTo: number;
}

function makeStates(n: number): States {
  const empty = (): Float64Array => new Float64Array(n).fill(none);
  return { emit: empty(), pause: empty(), low: 0, high: -1, writtenFrom: 0, writtenTo: -1 };
}

function clear(states: States): void {
  if (states.writtenTo < states.writtenFrom) return;
  states.emit.fill(none, states.writtenFrom, states.writtenTo + 1);
  states.pause.fill(none, states.writtenFrom, states.writtenTo + 1);
}

/** How far a node's successors lie at most. */
function reachOf({ before }: Lattice): number {
  let reach = 1;
  before.forEach((nodes, i) => {
    for (const p of nodes) reach = Math.max(reach, i - p);
  });
  return reach;
}

/**
 * The best single path's frames for each node of the lattice: [first, last] frame, or undefined for nodes left out.
 * Same recursion with maximum in place of sum.
 */
export function alignFrames(matrix: FrameMatrix, lattice: Lattice): ([number, number] | undefined)[] {
  const n = lattice.classes.length;
  const T = matrix.frames;
  // State 2i: emitting node i, 2i + 1: blank after it, 2n: nothing yet.
  const from = new Int32Array(T * (2 * n + 1)).fill(-1);
  let score = new Float64Array(2 * n + 1).fill(none);
  let next = new Float64Array(2 * n + 1).fill(none);
  score[2 * n] = 0;
  const reach = reachOf(lattice);
  const lastFirst = lattice.isFirst.lastIndexOf(1);
  // Nodes whose paths are near enough to the best one; the others are let go as in the forward pass.
  let [low, high] = [n, -1];
  let best = 0;
  for (let t = 0; t < T; t += 1) {
    const row = t * matrix.classes;
    const back = t * (2 * n + 1);
    const blank = matrix.data[row + matrix.blank] as number;
    const begins = (score[2 * n] as number) > best - beam;
    const [from0, to0] = [begins ? 0 : low, Math.min(n - 1, Math.max(high + reach, begins ? lastFirst : -1))];
    next.fill(none);
    const offer = (state: number, previous: number, gain: number): void => {
      const value = (score[previous] as number) + gain;
      if (value > (next[state] as number)) {
        next[state] = value;
        from[back + state] = previous;
      }
    };
    offer(2 * n, 2 * n, blank);
    best = next[2 * n] as number;
    for (let i = from0; i <= to0; i += 1) {
      const classId = lattice.classes[i] as number;
      const gain = matrix.data[row + classId] as number;
      offer(2 * i, 2 * i, gain);
      if (lattice.isFirst[i]) offer(2 * i, 2 * n, gain);
      for (const p of lattice.before[i] as Int32Array) {
        offer(2 * i, 2 * p + 1, gain);
        if (lattice.classes[p] !== classId) offer(2 * i, 2 * p, gain);
      }
      offer(2 * i + 1, 2 * i + 1, blank);
      offer(2 * i + 1, 2 * i, blank);
      best = Math.max(best, next[2 * i] as number, next[2 * i + 1] as number);
    }
    [low, high] = [n, -1];
    for (let i = from0; i <= to0; i += 1) {
      if (Math.max(next[2 * i] as number, next[2 * i + 1] as number) <= best - beam) continue;
      if (low > i) low = i;
      high = i;
    }
    [score, next] = [next, score];
  }
  const spans = new Array<[number, number] | undefined>(n).fill(undefined);
  let state = -1;
  let top = none;
  for (let i = 0; i < n; i += 1) {
    if (!lattice.isLast[i]) continue;
    for (const candidate of [2 * i, 2 * i + 1]) {
      if ((score[candidate] as number) > top) {
        top = score[candidate] as number;
        state = candidate;
      }
    }
  }
  for (let t = T - 1; t >= 0 && state >= 0; t -= 1) {
    if (state < 2 * n && state % 2 === 0) {
      const node = state / 2;
      const span = spans[node];
      spans[node] = span ? [t, span[1]] : [t, t];
    }
    state = from[t * (2 * n + 1) + state] as number;
  }
  return spans;
}

/** Beyond this difference (natural log) the smaller one adds nothing that a score could show. */
const nothing = 25;

function logAdd(a: number, b: number): number {
  if (a > b) return b < a - nothing ? a : a + Math.log1p(Math.exp(b - a));
  return a === none || a < b - nothing ? b : b + Math.log1p(Math.exp(a - b));
}
