import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import { alignFrames, forwardLogProb } from './forward.ts';
import type { FrameMatrix } from './frames.ts';
import { joinFrames, logSoftmaxFrames } from './frames.ts';
import { bestPathLogProb, decodeGreedily } from './greedy.ts';
import { buildLattice } from './lattice.ts';
import type { Position } from './lattice.ts';

const blank = 0;

/** Random frames over a tiny alphabet: classes 0 (blank) to 3. */
const matrixArb = fc
  .array(fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 4, maxLength: 4 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((rows) => logSoftmaxFrames(Float32Array.from(rows.flat()), rows.length, 4, blank));

/** Probability of each string, by walking through every path. */
function enumerate(matrix: FrameMatrix): Map<string, number> {
  let paths: { path: number[]; p: number }[] = [{ path: [], p: 1 }];
  for (let t = 0; t < matrix.frames; t += 1) {
    paths = paths.flatMap(({ path, p }) =>
      Array.from({ length: matrix.classes }, (_, c) => ({
        path: [...path, c],
        p: p * Math.exp(matrix.data[t * matrix.classes + c] as number),
      })),
    );
  }
  const strings = new Map<string, number>();
  for (const { path, p } of paths) {
    const key = path.filter((c, i) => c !== blank && c !== path[i - 1]).join('');
    strings.set(key, (strings.get(key) ?? 0) + p);
  }
  return strings;
}

const plain = (classes: readonly number[]): Position[] =>
  classes.map((c) => ({ classes: [c], optional: false }));
const probOf = (matrix: FrameMatrix, positions: readonly Position[]): number =>
  Math.exp(forwardLogProb(matrix, buildLattice(positions)));

describe('forward algorithm', () => {
  test('agrees with counting every path, for every string of up to three characters', () => {
    fc.assert(
      fc.property(matrixArb, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }), (matrix, string) => {
        expect(probOf(matrix, plain(string))).toBeCloseTo(enumerate(matrix).get(string.join('')) ?? 0, 5);
      }),
    );
  });

  test('a position with alternatives and an optional one sums the strings it allows', () => {
    fc.assert(
      fc.property(matrixArb, (matrix) => {
        const strings = enumerate(matrix);
        const expected = ['12', '22', '132', '232'].reduce((sum, s) => sum + (strings.get(s) ?? 0), 0);
        const positions: Position[] = [
          { classes: [1, 2], optional: false },
          { classes: [3], optional: true },
          { classes: [2], optional: false },
        ];
        expect(probOf(matrix, positions)).toBeCloseTo(expected, 5);
      }),
    );
  });

  test('a lattice of optional positions alone accepts the empty line', () => {
    fc.assert(
      fc.property(matrixArb, (matrix) => {
        const strings = enumerate(matrix);
        expect(probOf(matrix, [{ classes: [1], optional: true }])).toBeCloseTo(
          (strings.get('') ?? 0) + (strings.get('1') ?? 0),
          5,
        );
      }),
    );
  });

  test('no text is likelier than certain, and the best path is never likelier than its text', () => {
    fc.assert(
      fc.property(matrixArb, (matrix) => {
        const text = decodeGreedily(matrix).map((char) => char.classId);
        const logProb = forwardLogProb(matrix, buildLattice(plain(text)));
        expect(logProb).toBeLessThanOrEqual(1e-5);
        expect(logProb).toBeGreaterThanOrEqual(bestPathLogProb(matrix) - 1e-5);
      }),
    );
  });

  test('a text longer than the frames is impossible', () => {
    const matrix = logSoftmaxFrames(new Float32Array(8), 2, 4, blank);
    expect(forwardLogProb(matrix, buildLattice(plain([1, 2, 3])))).toBe(-Infinity);
    // A doubled character needs a blank between: three frames, not two.
    expect(forwardLogProb(matrix, buildLattice(plain([1, 1])))).toBe(-Infinity);
  });
});

describe('alignment', () => {
  const sure = (...classes: number[]): FrameMatrix =>
    logSoftmaxFrames(
      Float32Array.from(classes.flatMap((best) => [0, 1, 2, 3].map((c) => (c === best ? 12 : 0)))),
      classes.length,
      4,
      blank,
    );

  test('gives each character its frames', () => {
    expect(alignFrames(sure(0, 1, 1, 0, 2, 3), buildLattice(plain([1, 2, 3])))).toEqual([
      [1, 2],
      [4, 4],
      [5, 5],
    ]);
  });

  test('leaves an optional character out when it is not there', () => {
    const lattice = buildLattice([
      { classes: [1], optional: false },
      { classes: [3], optional: true },
      { classes: [2], optional: false },
    ]);
    expect(alignFrames(sure(1, 0, 2), lattice)).toEqual([[0, 0], undefined, [2, 2]]);
  });

  test('joined lines keep equal characters at the break apart', () => {
    const joined = joinFrames([sure(1), sure(1)]);
    expect(decodeGreedily(joined).map((char) => char.classId)).toEqual([1, 1]);
    expect(forwardLogProb(joined, buildLattice(plain([1, 1])))).toBeGreaterThan(-0.01);
  });
});

describe('frames', () => {
  test('rows are probabilities, and a higher temperature flattens them', () => {
    const logits = Float32Array.from([5, 1, 0, -30]);
    const cold = logSoftmaxFrames(logits, 1, 4, blank);
    const warm = logSoftmaxFrames(logits, 1, 4, blank, 3);
    for (const { data } of [cold, warm])
      expect([...data].reduce((sum, v) => sum + Math.exp(v), 0)).toBeCloseTo(1, 5);
    expect(warm.data[0]).toBeLessThan(cold.data[0] as number);
    expect(cold.best[0]).toBe(0);
  });
});
