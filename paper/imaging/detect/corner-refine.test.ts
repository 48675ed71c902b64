import { describe, expect, test } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { lightOfGrey, refineCorners, refitEnds } from './corner-refine.ts';
import { isCutOff } from './find-page.ts';
import { distance } from '../geometry.ts';
import type { GreyPicture } from '../picture.ts';

const [width, height] = [900, 1100];

/** Pale paper on a dark desk, between `left(y)` and `right(y)`, 100 to 1000 px down unless told otherwise. */
function sheetBetween(
  left: (y: number) => number,
  right: (y: number) => number,
  [top, bottom] = [100, 1000],
): GreyPicture {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      data[y * width + x] = y >= top && y < bottom && x >= left(y) && x < right(y) ? 225 : 60;
  return { data, width, height };
}

const worst = (found: Quad, truth: Quad): number =>
  Math.max(...truth.map((corner, i) => distance(corner, found[i] as Point)));

describe('corners fitted to the ends of their sides', () => {
  // A sheet that was folded or rolled: its sides bow inwards by 14 px, 1.2 % of its diagonal.
  const bow = (y: number): number => 14 * Math.sin((Math.PI * (y - 100)) / 900);
  const bowed = lightOfGrey(
    sheetBetween(
      (y) => 100 + bow(y),
      (y) => 800 - bow(y),
    ),
  );
  const truth: Quad = [
    [100, 100],
    [800, 100],
    [800, 1000],
    [100, 1000],
  ];

  test('are those of a sheet whose sides bow, where whole sides miss them', () => {
    const whole = refineCorners(bowed, truth, 8);
    expect(worst(whole, truth)).toBeGreaterThan(6);
    expect(worst(refitEnds(bowed, whole).corners, truth)).toBeLessThan(3);
  });

  test('stay where they are on straight sides', () => {
    const straight = lightOfGrey(
      sheetBetween(
        () => 100,
        () => 800,
      ),
    );
    const rough = truth.map(([x, y]): Point => [x + 2, y - 2]) as Quad;
    expect(worst(refitEnds(straight, rough).corners, truth)).toBeLessThan(1);
  });
});

describe('a page is cut off', () => {
  const picture = { width, height };

  test.each([3, 5, 13])('not when a whole corner lies %i px from the rim', (from) => {
    const light = lightOfGrey(
      sheetBetween(
        () => from,
        () => 800,
        [from, 1000],
      ),
    );
    const near: Quad = [
      [from + 1, from + 1],
      [800, from],
      [800, 1000],
      [from, 1000],
    ];
    expect(isCutOff(refitEnds(light, near), picture)).toBe(false);
  });

  test('when its lower part is not in the picture', () => {
    const light = lightOfGrey(
      sheetBetween(
        () => 100,
        () => 800,
        [100, height],
      ),
    );
    const quad: Quad = [
      [100, 100],
      [800, 100],
      [800, height - 1],
      [100, height - 1],
    ];
    expect(isCutOff(refitEnds(light, quad), picture)).toBe(true);
  });
});
