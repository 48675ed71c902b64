import { describe, expect, it } from 'vitest';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { finderChannels } from './finder-map.ts';
import type { FinderMap } from './finder-map.ts';
import { distance } from '../geometry.ts';
import type { Picture } from '../picture.ts';
import { worthOf } from './quad-choice.ts';
import { quadsAround } from './side-search.ts';

const [width, height] = [600, 450];
const a4 = [{ widthMm: 297, heightMm: 210 }];

/** Sheets one upon the other on a dark desk, lightness as 8-bit Lab; each throws a narrow shadow. */
function desk(sheets: { quad: Quad; light: number }[]): Picture {
  const data = new Uint8Array(width * height * 3).fill(128);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let light = 50 + ((x * 7 + y * 13) % 5);
      for (const sheet of sheets) {
        const inside = insideBy([x + 0.5, y + 0.5], sheet.quad);
        if (inside > 0) light = sheet.light + ((x * 5 + y * 11) % 3);
        else if (inside > -4) light *= 0.93;
      }
      data[3 * (y * width + x)] = light;
    }
  }
  return { data, width, height };
}

function insideBy([x, y]: Point, quad: Quad): number {
  return Math.min(
    ...quad.map(([ax, ay], i) => {
      const [bx, by] = quad[(i + 1) % 4] as Point;
      return ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / Math.hypot(bx - ax, by - ay);
    }),
  );
}

const turned = (degrees: number, dx: number, dy: number): Quad =>
  (
    [
      [-198, -140],
      [198, -140],
      [198, 140],
      [-198, 140],
    ] as Quad
  ).map(([x, y]): Point => {
    const angle = (degrees * Math.PI) / 180;
    return [
      300 + dx + x * Math.cos(angle) - y * Math.sin(angle),
      225 + dy + x * Math.sin(angle) + y * Math.cos(angle),
    ];
  }) as Quad;

/** A network that tells nothing but that paper is everywhere. */
const map: FinderMap = {
  data: new Float32Array(finderChannels.length * 64 * 48).fill(0.9),
  width: 64,
  height: 48,
  scaleX: width / 64,
  scaleY: height / 48,
};

function chosen(lab: Picture, rough: Quad): Quad | undefined {
  const clues = { lab, map, scale: 1, paperSizes: a4, rough };
  return [rough, ...quadsAround(lab, rough, 80)].sort((a, b) => worthOf(b, clues) - worthOf(a, clues))[0];
}
const farthest = (a: Quad | undefined, b: Quad): number =>
  Math.max(...b.map((p, i) => distance(p, a?.[i] ?? [0, 0])));

describe('the quad of a sheet', () => {
  it('is the upper one of two like sheets, although the rough quad runs around both', () => {
    const upper = turned(-1, 0, 0);
    const lab = desk([
      { quad: turned(5, 12, 8), light: 220 },
      { quad: upper, light: 234 },
    ]);
    const around: Quad = [
      [100, 80],
      [525, 70],
      [512, 385],
      [96, 375],
    ];
    expect(farthest(chosen(lab, around), upper)).toBeLessThan(5);
  });

  it('is the outer edge of a lone sheet and not the frame printed on it', () => {
    const sheet = turned(2, 0, 0);
    const frame = sheet.map(([x, y]): Point => [300 + (x - 300) * 0.92, 225 + (y - 225) * 0.92]) as Quad;
    const lab = desk([{ quad: sheet, light: 228 }]);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        if (Math.abs(insideBy([x + 0.5, y + 0.5], frame)) < 1.5) lab.data[3 * (y * width + x)] = 90;
    const rough = sheet.map(([x, y]): Point => [300 + (x - 300) * 0.97, 225 + (y - 225) * 0.97]) as Quad;
    expect(farthest(chosen(lab, rough), sheet)).toBeLessThan(5);
  });

  it('stays the rough one where no edges are to be seen', () => {
    const lab: Picture = { data: new Uint8Array(width * height * 3).fill(128), width, height };
    const rough = turned(0, 0, 0);
    expect(quadsAround(lab, rough, 80)).toEqual([rough]);
    expect(chosen(lab, rough)).toEqual(rough);
  });
});
