import { describe, expect, test } from 'vitest';
import { whatCame } from './what-came.ts';

const a4 = { widthMm: 210, heightMm: 297 };
const picture = (dpi: number, said?: number, part = { across: 1, down: 1 }) => ({
  widthPx: Math.round((210 / 25.4) * dpi * part.across),
  heightPx: Math.round((297 / 25.4) * dpi * part.down),
  dpi: said,
  colour: 'colour' as const,
});
const dpiOf = (...facts: Parameters<typeof picture>): number | undefined =>
  whatCame(picture(...facts), { dpi: 300, colour: 'colour', area: a4 }).dpi;

describe('the resolution of a scan that was asked for 300 dpi', () => {
  test('is what the dots on the area say, whatever is written in the file', () => {
    expect([dpiOf(300, 300), dpiOf(300), dpiOf(300, 72)]).toEqual([300, 300, 300]);
    expect([dpiOf(75, 75), dpiOf(75), dpiOf(75, 300)]).toEqual([75, 75, 75]);
    expect([dpiOf(150, 300), dpiOf(200, 300), dpiOf(600, 300)]).toEqual([150, 200, 600]);
  });
  test('of a short sheet is that of its width', () => {
    const short = { across: 1, down: 0.4 };
    expect([dpiOf(300, 300, short), dpiOf(300, undefined, short), dpiOf(75, undefined, short)]).toEqual([
      300, 300, 75,
    ]);
  });
  test('of a card or an A5 that the scanner cut out is what the file says', () => {
    expect(dpiOf(300, 300, { across: 0.41, down: 0.18 })).toBe(300);
    expect(dpiOf(300, 300, { across: 0.705, down: 0.707 })).toBe(300);
  });
  test('is unknown where neither the file nor the area tells', () => {
    expect(whatCame(picture(75), { dpi: 300 })).toEqual({ colour: 'colour' });
    expect(whatCame(undefined, { dpi: 300, area: a4 })).toEqual({});
  });
});

test('the colours are the poorer of what was asked and what came', () => {
  const grey = { ...picture(300, 300), colour: 'grey' as const };
  expect(whatCame(grey, { colour: 'colour' }).colour).toBe('grey');
  expect(whatCame(picture(300, 300), { colour: 'grey' }).colour).toBe('grey');
  expect(whatCame(picture(300, 300), {}).colour).toBe('colour');
});
