import { describe, expect, test } from 'vitest';
import type { Picture } from '../../imaging/picture.ts';
import { findRings } from './find-rings.ts';
import { unrollRing } from './unroll-ring.ts';

type Colour = readonly [number, number, number];
const paper: Colour = [225, 215, 200];
const red: Colour = [200, 60, 60];
const black: Colour = [30, 30, 30];

function pageOf(width: number, height: number, colourAt: (x: number, y: number) => Colour): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) data.set(colourAt(x, y), 3 * (y * width + x));
  return { data, width, height };
}

const [cx, cy, radius] = [420, 300, 110];
/** Degrees clockwise from the right, as a seal's letters are counted. */
const polar = (x: number, y: number): { r: number; degree: number } => ({
  r: Math.hypot(x - cx, y - cy) / radius,
  degree: (Math.atan2(y - cy, x - cx) * 180) / Math.PI,
});
/** Twelve letters from half past seven to half past four, a star, a ring, and the date printed over its foot. */
function sealOn(x: number, y: number): Colour {
  const { r, degree } = polar(x, y);
  if (Math.abs(y - (cy + 90)) < 6 && Math.abs(x - cx) < 60) return black;
  if (r <= 1 && r >= 0.95) return red;
  if (r < 0.25) return red;
  const along = (degree + 360 - 135) % 360;
  const isLetter = along < 270 && along % (270 / 12) < 12 && r > 0.55 && r < 0.88;
  return isLetter ? red : paper;
}

describe('seals of a page', () => {
  const page = pageOf(700, 560, sealOn);

  test('a ring of red ink is found where it is, though black print runs over its foot', () => {
    const [ring, ...others] = findRings(page);
    expect(others).toEqual([]);
    expect(ring?.centre[0]).toBeCloseTo(cx, -0.5);
    expect(ring?.centre[1]).toBeCloseTo(cy, -0.5);
    expect(Math.abs((ring?.radius ?? 0) - radius)).toBeLessThan(3);
  });

  test('its letters are laid in a row, from the one after the gap at the foot to the one before it', () => {
    const [ring] = findRings(page);
    const strip = ring && unrollRing(page, ring);
    expect(strip).toBeDefined();
    if (!strip) return;
    const middle = Math.round(strip.height / 2);
    let letters = 0;
    let wasDark = false;
    for (let x = 0; x < strip.width; x += 1) {
      const isDark = (strip.data[3 * (middle * strip.width + x)] as number) < 128;
      if (isDark && !wasDark) letters += 1;
      wasDark = isDark;
    }
    expect(letters).toBe(12);
  });

  test('red disks, red frames and black rings are no seals', () => {
    const disk = pageOf(700, 560, (x, y) => (polar(x, y).r <= 1 ? red : paper));
    const frame = pageOf(700, 560, (x, y) => {
      const off = Math.max(Math.abs(x - cx), Math.abs(y - cy));
      return off < 110 && off > 102 ? red : paper;
    });
    const blackRing = pageOf(700, 560, (x, y) => {
      const { r } = polar(x, y);
      return r <= 1 && r >= 0.95 ? black : paper;
    });
    for (const other of [disk, frame, blackRing]) expect(findRings(other)).toEqual([]);
  });

  test('a ring without letters around it has nothing to lay straight', () => {
    const empty = pageOf(700, 560, (x, y) => {
      const { r } = polar(x, y);
      return r <= 1 && r >= 0.95 ? red : paper;
    });
    const [ring] = findRings(empty);
    expect(ring).toBeDefined();
    expect(ring && unrollRing(empty, ring)).toBeUndefined();
  });
});
