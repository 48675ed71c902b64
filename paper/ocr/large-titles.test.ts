import { expect, test } from 'vitest';
import { rectangleQuad } from '../imaging/geometry.ts';
import { mayHoldTitle, withTitles } from './large-titles.ts';

const title = rectangleQuad(680, 1070, 2310, 1470);
const pieces = [rectangleQuad(932, 1112, 1704, 1292), rectangleQuad(1672, 1300, 2122, 1397)];
const row = rectangleQuad(700, 1500, 2300, 1560);
const scale = 0.4;

test('a title found from afar takes the place of its pieces', () => {
  expect(withTitles([row, ...pieces], [title], scale)).toEqual([row, title]);
});

test('a title that was found whole stays', () => {
  const whole = rectangleQuad(690, 1080, 2300, 1460);
  const speck = rectangleQuad(900, 1200, 960, 1240);
  expect(withTitles([whole, speck], [title], scale)).toEqual([whole, speck]);
});

test('small rows that look like a title from afar stay', () => {
  const rows = [1080, 1180, 1280, 1380].map((top) => rectangleQuad(700, top, 2300, top + 60));
  expect(withTitles(rows, [title], scale)).toEqual(rows);
});

test('a seal stays in pieces', () => {
  const seal = rectangleQuad(900, 1070, 1400, 1470);
  const arcs = [rectangleQuad(920, 1100, 1380, 1280), rectangleQuad(950, 1300, 1350, 1400)];
  expect(withTitles(arcs, [seal], scale)).toEqual(arcs);
});

test('print of usual size stays as the first look found it', () => {
  expect(withTitles(pieces, [title], 0.2)).toEqual(pieces);
});

test('the page is looked at from afar where something is as high as a piece of a large title', () => {
  expect(mayHoldTitle([row, ...pieces], scale)).toBe(true);
  expect(mayHoldTitle([row], scale)).toBe(false);
});
