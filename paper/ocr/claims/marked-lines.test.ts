import { expect, test } from 'vitest';
import { rectangleQuad } from '../../imaging/geometry.ts';
import { markedLines } from './marked-lines.ts';

const page = { width: 1000, height: 1000 };
/** A line from x0 to x1, 40 px high. */
const line = (x0: number, x1: number, y = 100) => rectangleQuad(x0, y, x1, y + 40);
const partsOf = (marks: Parameters<typeof markedLines>[0], lines: Parameters<typeof markedLines>[1]) =>
  markedLines(marks, lines, page)?.map(({ line: [[x], [, y]], from, to }) => ({
    x: Math.round(x),
    y,
    from: Number(from.toFixed(2)),
    to: Number(to.toFixed(2)),
  }));

test('a mark on a part of a line covers that part of the whole line', () => {
  expect(partsOf([line(300, 500)], [line(100, 900)])).toEqual([{ x: 100, y: 100, from: 0.25, to: 0.5 }]);
});

test('a mark a little too high or low, too large or too small still lies on its line alone', () => {
  const lines = [line(100, 900), line(100, 900, 160)];
  for (const mark of [
    rectangleQuad(100, 85, 900, 150),
    rectangleQuad(100, 110, 900, 132),
    rectangleQuad(100, 95, 900, 125),
  ])
    expect(partsOf([mark], lines)).toEqual([{ x: 100, y: 100, from: 0, to: 1 }]);
});

test('a mark over two lines has both, from the top', () => {
  const mark = rectangleQuad(100, 90, 900, 210);
  expect(partsOf([mark], [line(100, 900, 160), line(100, 900)])?.map(({ y }) => y)).toEqual([100, 160]);
});

test('two marks on pieces of one line are two parts, marks that overlap are one', () => {
  expect(partsOf([line(100, 300), line(600, 900)], [line(100, 900)])).toHaveLength(2);
  expect(partsOf([line(100, 300), line(110, 290)], [line(100, 900)])).toHaveLength(1);
});

test('lines that do not account for a mark are no ground for a score', () => {
  expect(partsOf([line(100, 300, 500)], [line(100, 900)])).toBeUndefined();
  // room for a second line that the detector missed
  expect(partsOf([rectangleQuad(100, 60, 900, 160)], [line(100, 900, 110)])).toBeUndefined();
  expect(partsOf([line(2000, 2200)], [line(100, 900)])).toBeUndefined();
});
