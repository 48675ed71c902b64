import { expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { cutPicture } from '../imaging/picture.ts';
import { rectangleQuad } from '../imaging/geometry.ts';
import { closerLooks, rowsInstead } from './second-look.ts';

const page = { width: 1024, height: 768 };
/** Two rows of 18 pixels that came as one box. */
const joined = rectangleQuad(554, 480, 996, 520);
const upper = rectangleQuad(556, 481, 990, 500);
const lower = rectangleQuad(700, 501, 994, 519);

test('a box over small rows is looked at closer, with some of the page around it', () => {
  const [first] = closerLooks([joined], page, 0.75);
  expect(first).toEqual({ box: joined, look: { from: [522, 448], to: [1024, 552], scale: 3.25 } });
});

test('large print is not looked at again', () => {
  expect(closerLooks([joined], page, 2)).toEqual([]);
});

test('of many, the longest are looked at', () => {
  const tall = [120, 360, 240, 480, 300].map((right) => rectangleQuad(0, 0, right, 40));
  expect(closerLooks(tall, page, 0.75).map(({ box }) => box[1][0])).toEqual([480, 360, 300]);
});

test('rows found above each other take the place of the box, and what lies around it does not', () => {
  const beside = rectangleQuad(556, 440, 990, 460);
  const dirt = rectangleQuad(600, 505, 610, 509);
  expect(rowsInstead(joined, [beside, upper, dirt, lower])).toEqual([upper, lower]);
});

test.each<[string, Quad[]]>([
  ['one row is found', [upper]],
  ['the box is found again', [rectangleQuad(556, 481, 990, 519)]],
  ['pieces of one row are found', [rectangleQuad(556, 485, 770, 504), rectangleQuad(772, 488, 990, 507)]],
  [
    'rows are found that leave out much of it',
    [rectangleQuad(556, 481, 700, 500), rectangleQuad(556, 501, 700, 519)],
  ],
])('the box stays where %s', (_, found) => {
  expect(rowsInstead(joined, found)).toBeUndefined();
});

test('a part of a picture has its own pixels', () => {
  const picture = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i) };
  const part = cutPicture(picture, [1, 0], [3, 2]);
  expect(part).toEqual({
    width: 2,
    height: 2,
    data: Uint8Array.of(3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17),
  });
});
