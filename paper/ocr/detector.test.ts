import { expect, test } from 'vitest';
import { widthFor } from './detector.ts';

test.each([
  ['A4 upright', { width: 1654, height: 2339 }, 1000],
  ['A3 on its side', { width: 3307, height: 2339 }, 1000],
  ['A5, whose letters are those of A4', { width: 1165, height: 1654 }, 704],
  ['an ID card at 400 dpi, whose letters are twice as large', { width: 1348, height: 850 }, 514],
])('%s is seen at the size that the network knows', (_, page, expected) => {
  expect(widthFor(page, 1000)).toBe(expected);
});

test('a pack that names no width sees pages as they are', () => {
  expect(widthFor({ width: 1348, height: 850 }, undefined)).toBeUndefined();
});
