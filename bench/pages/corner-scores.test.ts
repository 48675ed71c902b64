import { describe, expect, test } from 'vitest';
import { rectangleQuad, rotateQuad } from '#paper/imaging/geometry.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { cornerError, isUpright, quantile, skewLeft } from './corner-scores.ts';

const picture = { width: 300, height: 400 };
const truth = rectangleQuad(20, 30, 220, 330);

describe('corners', () => {
  test('the error is the worst corner in parts of the diagonal, whichever corner comes first', () => {
    const found: Quad = [
      [20, 30],
      [225, 30],
      [220, 330],
      [20, 330],
    ];
    expect(cornerError(found, truth, picture)).toBeCloseTo(0.01);
    expect(cornerError(rotateQuad(found, 3), truth, picture)).toBeCloseTo(0.01);
    expect(cornerError([found[0], found[3], found[2], found[1]], truth, picture)).toBeCloseTo(0.01);
  });

  test('a page on its head is found but not upright', () => {
    expect(isUpright(truth, truth)).toBe(true);
    expect(isUpright(rotateQuad(truth, 2), truth)).toBe(false);
  });

  test('the skew left is the angle of the true edges on the straightened page', () => {
    const page = { widthPx: 200, heightPx: 300 };
    expect(skewLeft(truth, truth, page)).toBeCloseTo(0);
    const low: Quad = [
      [20, 30],
      [220, 30 + 200 * Math.tan(Math.PI / 90)],
      [220, 330],
      [20, 330],
    ];
    expect(skewLeft(truth, low, page)).toBeCloseTo(2);
  });

  test('quantiles of few values stay within them', () => {
    expect(quantile([3, 1, 2], 0.95)).toBe(3);
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
