import { describe, expect, test } from 'vitest';
import { nameCorners, sayCorners } from './corners.ts';

describe('corners of a page', () => {
  test('are named as the quad runs, clockwise from the top left', () => {
    expect(nameCorners([0, 1, 2, 3])).toEqual(['top-left', 'top-right', 'bottom-left', 'bottom-right']);
    expect(nameCorners([2])).toEqual(['bottom-right']);
  });

  test('turn with the page: what lay at the upper left stands at the upper right after a quarter turn', () => {
    expect(nameCorners([0], 1)).toEqual(['top-right']);
    expect(nameCorners([3, 0], 2)).toEqual(['top-right', 'bottom-right']);
  });

  test('are said in words', () => {
    expect(sayCorners(['top-left', 'bottom-right'])).toBe('左上角、右下角');
  });
});
