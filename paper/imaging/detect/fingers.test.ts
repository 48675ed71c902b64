import { describe, expect, test } from 'vitest';
import { finderChannels } from './finder-map.ts';
import type { FinderMap } from './finder-map.ts';
import { fingerShareOf } from './fingers.ts';
import { rectangleQuad } from '../geometry.ts';
import type { Picture } from '../picture.ts';

const [width, height, scale] = [128, 96, 4];

/** A map that holds a rectangle for fingers. */
function mapWith(x0: number, y0: number, x1: number, y1: number): FinderMap {
  const data = new Float32Array(finderChannels.length * width * height);
  const finger = finderChannels.indexOf('finger') * width * height;
  for (let y = y0; y < y1; y += 1) for (let x = x0; x < x1; x += 1) data[finger + y * width + x] = 1;
  return { data, width, height, scaleX: scale, scaleY: scale };
}

function pictureOf(colour: readonly [number, number, number]): Picture {
  const data = new Uint8Array(width * height * 3).map((_, i) => colour[i % 3] as number);
  return { data, width, height };
}

const sheet = rectangleQuad(20 * scale, 10 * scale, 100 * scale, 90 * scale);
const filling = rectangleQuad(2 * scale, 2 * scale, 126 * scale, 94 * scale);
const skin = pictureOf([190, 140, 110]);
const violet = pictureOf([150, 60, 170]);

describe('a finger over a sheet', () => {
  test('comes from beyond it', () => {
    expect(fingerShareOf(mapWith(10, 40, 34, 52), sheet, violet)).toBeCloseTo((14 * 12) / (80 * 80), 3);
  });

  test('is not a picture printed on it, whatever its colour', () => {
    expect(fingerShareOf(mapWith(30, 40, 60, 60), sheet, skin)).toBe(0);
    expect(fingerShareOf(mapWith(20, 40, 50, 60), sheet, skin)).toBe(0);
  });

  test('comes from the rim of a picture that the sheet fills, and has the colour of skin', () => {
    expect(fingerShareOf(mapWith(0, 40, 30, 60), filling, skin)).toBeGreaterThan(0.04);
    expect(fingerShareOf(mapWith(0, 40, 30, 60), filling, violet)).toBe(0);
  });

  test('beside the sheet covers nothing', () => {
    expect(fingerShareOf(mapWith(104, 40, 120, 60), sheet, skin)).toBe(0);
  });
});
