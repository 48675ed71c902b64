import { describe, expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { cornerPatches } from './corner-patch.ts';
import { rotateQuad } from '../geometry.ts';
import type { Picture } from '../picture.ts';

const shape = { side: 16, outside: 0.06, inside: 0.26 };
const sheet: Quad = [
  [40, 30],
  [240, 30],
  [240, 310],
  [40, 310],
];

/** A black desk, a sheet whose corner `marked` carries a red square of a tenth of the shorter side. */
function deskWith(marked: number): Picture {
  const [width, height] = [300, 340];
  const data = new Uint8Array(width * height * 3);
  const [mx, my] = sheet[marked] as [number, number];
  for (let y = 30; y < 310; y += 1)
    for (let x = 40; x < 240; x += 1) {
      const isMarked = Math.abs(x + 0.5 - mx) < 20 && Math.abs(y + 0.5 - my) < 20;
      data.set(isMarked ? [200, 0, 0] : [200, 200, 200], 3 * (y * width + x));
    }
  return { data, width, height };
}

describe('corner patches', () => {
  test.each([0, 1, 2, 3])('show corner %i at the upper left, desk outside, paper inside', (marked) => {
    const patches = cornerPatches(deskWith(marked), sheet, shape);
    const at = (corner: number, channel: number, x: number, y: number): number =>
      patches[((corner * 3 + channel) * 16 + y) * 16 + x] as number;
    for (let corner = 0; corner < 4; corner += 1) {
      // 0.02 of the shorter side for a pixel: three of them lie outside, the mark takes the next five.
      expect(at(corner, 0, 1, 8)).toBe(0);
      expect(at(corner, 0, 8, 1)).toBe(0);
      expect([at(corner, 0, 5, 5), at(corner, 1, 5, 5)]).toEqual([200, corner === marked ? 0 : 200]);
      expect([at(corner, 0, 12, 12), at(corner, 1, 12, 12)]).toEqual([200, 200]);
    }
  });

  test('follow the quad when it begins at another corner', () => {
    const picture = deskWith(2);
    const plain = cornerPatches(picture, sheet, shape);
    const turned = cornerPatches(picture, rotateQuad(sheet, 1), shape);
    const size = plain.length / 4;
    expect(turned.slice(0, 3 * size)).toEqual(plain.slice(size));
  });

  test('repeat the rim where the sheet touches the picture', () => {
    const picture: Picture = { data: new Uint8Array(60 * 60 * 3).fill(90), width: 60, height: 60 };
    const patches = cornerPatches(picture, [[0, 0], [60, 0], [60, 60], [0, 60]], shape); // prettier-ignore
    expect([Math.min(...patches), Math.max(...patches)]).toEqual([90, 90]);
  });
});
