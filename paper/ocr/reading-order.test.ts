import { expect, test } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { rectangleQuad } from '../imaging/geometry.ts';
import { inReadingOrder } from './reading-order.ts';
import { medianSkewDeg } from './skew.ts';

/** A photograph taken askew: what stands to the right stands higher, by more than a row over the width of the page. */
const askew = (quad: Quad): Quad => quad.map(([x, y]): Point => [x + 0.1 * y, y - 0.1 * x]) as Quad;
const rows = [0, 1, 2].flatMap((row) =>
  ['左', '右'].map((side, i) => ({
    text: `${row}${side}`,
    box: askew(rectangleQuad(400 * i, 40 * row, 400 * i + 300, 40 * row + 30)),
  })),
);

test('rows of a page that lies askew stay together', () => {
  const skewDeg = medianSkewDeg(rows.map(({ box }) => box));
  expect(skewDeg).toBeCloseTo(-5.71, 1);
  const told = inReadingOrder(rows.toReversed(), ({ box }) => box, skewDeg).map(({ text }) => text);
  expect(told).toEqual(['0左', '0右', '1左', '1右', '2左', '2右']);
  expect(inReadingOrder(rows, ({ box }) => box).map(({ text }) => text)).not.toEqual(told);
});
