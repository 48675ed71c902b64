import { expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { placesOf } from './places.ts';

const box = (x: number, y: number, width = 300, height = 40): Quad => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

test('a value over two lines is one place', () => {
  const lines = [box(100, 100), box(100, 155)];
  expect(placesOf(lines)).toEqual([lines]);
});

test('a value that the paper shows twice is two places', () => {
  const [above, below] = [box(100, 100), box(100, 700)];
  expect(placesOf([above, below])).toEqual([[above], [below]]);
});

test('pieces of one line are one place, two columns are two', () => {
  const pieces = [box(100, 100), box(460, 104)];
  expect(placesOf(pieces)).toEqual([pieces]);
  expect(placesOf([box(100, 100), box(900, 100)])).toHaveLength(2);
});

test('a line between two others makes one place of all, in the order of the marks', () => {
  const lines = [box(100, 100), box(100, 210), box(100, 155)];
  expect(placesOf(lines)).toEqual([lines]);
});
