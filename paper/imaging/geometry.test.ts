import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import {
  applyHomography,
  homography,
  intersect,
  isConvex,
  lineThrough,
  orderCorners,
  rectangleQuad,
  rotateQuad,
  sharedArea,
  signedArea,
  trueAspect,
} from './geometry.ts';
import { A3, A4, ID_1, framePage, nearestSize } from './rectify/paper-size.ts';

const jitter = fc.float({ min: -40, max: 40, noNaN: true });
const quadArb = fc
  .array(fc.tuple(jitter, jitter), { minLength: 4, maxLength: 4 })
  .map(
    (d) =>
      rectangleQuad(100, 100, 500, 700).map(([x, y], i): Point => [
        x + (d[i]?.[0] ?? 0),
        y + (d[i]?.[1] ?? 0),
      ]) as Quad,
  );

describe('projective map', () => {
  test('takes each corner to its partner', () => {
    fc.assert(
      fc.property(quadArb, (quad) => {
        const to = rectangleQuad(0, 0, 210, 297);
        const map = homography(quad, to);
        quad.forEach((corner, i) => {
          const [x, y] = applyHomography(map, corner);
          expect(x).toBeCloseTo(to[i]?.[0] as number, 3);
          expect(y).toBeCloseTo(to[i]?.[1] as number, 3);
        });
      }),
    );
  });
});

describe('what two quads share', () => {
  test('is all of the smaller where it lies within the other, and nothing where they lie apart', () => {
    fc.assert(
      fc.property(quadArb, (quad) => {
        fc.pre(isConvex(quad));
        const whole = Math.abs(signedArea(quad));
        expect(sharedArea(quad, rectangleQuad(0, 0, 1000, 1000))).toBeCloseTo(whole, 3);
        expect(sharedArea(quad, quad)).toBeCloseTo(whole, 3);
        expect(sharedArea(quad, rectangleQuad(2000, 0, 3000, 1000))).toBe(0);
      }),
    );
  });

  test('is half of a square that another covers by half, whichever way round its corners run', () => {
    const [a, b, c, d] = rectangleQuad(0, 0, 10, 10);
    const tilted: Quad = [
      [5, -10],
      [25, 0],
      [15, 20],
      [5, 15],
    ];
    expect(sharedArea([a, d, c, b], tilted)).toBeCloseTo(50, 6);
    expect(sharedArea(tilted, [a, b, c, d])).toBeCloseTo(50, 6);
  });
});

describe('corners', () => {
  test('come clockwise from the top left, in whatever order they were found', () => {
    fc.assert(
      fc.property(
        quadArb,
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
        (quad, order) => {
          const ordered = orderCorners(order.map((i) => quad[i] as Point));
          expect(ordered).toEqual(quad);
          expect(isConvex(ordered)).toBe(true);
        },
      ),
    );
  });

  test('turning four quarters changes nothing', () => {
    const quad = rectangleQuad(0, 0, 3, 4);
    expect(rotateQuad(rotateQuad(quad, 3), 1)).toEqual(quad);
    expect(rotateQuad(quad, -1)[0]).toEqual(quad[3]);
  });

  test('lines cross where they should, parallels nowhere', () => {
    expect(intersect(lineThrough([0, 0], [2, 2]), lineThrough([0, 2], [2, 0]))).toEqual([1, 1]);
    expect(intersect(lineThrough([0, 0], [1, 0]), lineThrough([0, 1], [1, 1]))).toBeUndefined();
  });
});

describe('paper size', () => {
  test.each([
    [210 / 297, A4],
    [297 / 210, { widthMm: 297, heightMm: 210 }],
    [85.6 / 54, ID_1],
    [1.55, ID_1],
  ])('an aspect of %f is %o', (aspect, size) => {
    expect(nearestSize(aspect, [A4, ID_1, A3])).toEqual(size);
  });

  test('a shape unlike any candidate keeps its shape with the area of A4', () => {
    const { widthMm, heightMm } = nearestSize(3, [A4, ID_1]);
    expect(widthMm / heightMm).toBeCloseTo(3, 1);
    expect(widthMm * heightMm).toBeCloseTo(210 * 297, -2);
  });

  test('resolution follows the source between 200 and 254 dots an inch', () => {
    const picture = { width: 4000, height: 3000 };
    expect(framePage(rectangleQuad(0, 0, 1000, 1414), picture, [A4])).toMatchObject({
      dpi: 200,
      sourceDpi: 121,
    });
    expect(framePage(rectangleQuad(0, 0, 1900, 2687), picture, [A4])).toMatchObject({
      dpi: 230,
      widthPx: 1902,
    });
    expect(framePage(rectangleQuad(0, 0, 3000, 4242), picture, [A4]).dpi).toBe(254);
  });

  test('strong perspective does not hide the true shape', () => {
    // A 210 x 297 sheet tilted and rolled by 20 degrees before a camera with a focal length of 1.2 picture heights.
    const f = 1.2 * 3000;
    const [tilt, roll] = [0.35, 0.35];
    const quad = [
      [-105, -148.5],
      [105, -148.5],
      [105, 148.5],
      [-105, 148.5],
    ].map(([x = 0, y = 0]): Point => {
      const [x1, z1] = [x * Math.cos(roll), x * Math.sin(roll)];
      const [y2, z2] = [y * Math.cos(tilt) - z1 * Math.sin(tilt), y * Math.sin(tilt) + z1 * Math.cos(tilt)];
      return [2000 + (f * x1) / (450 + z2), 1500 + (f * y2) / (450 + z2)];
    }) as Quad;
    expect(trueAspect(quad, 4000, 3000)).toBeCloseTo(210 / 297, 2);
  });
});
