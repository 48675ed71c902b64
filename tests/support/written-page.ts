/** Lines as a recogniser yields them, drawn up by hand: what field extraction is tested with. */
import { halfWidths } from '#domain/text/normalise.ts';
import type { FieldReadings, Line } from '#domain/reading/schema.ts';

/** A line at x, y (top left) with characters of 40 px; Latin ones are half as wide. */
export function line(text: string, x: number, y: number, confidence = 0.98): Line {
  const right = x + halfWidths(text) * 20;
  return {
    text,
    confidence,
    box: [
      [x, y],
      [right, y],
      [right, y + 44],
      [x, y + 44],
    ],
  };
}

/** An upright A4 page of 200 dots an inch with these lines. */
export const page = (...lines: Line[]) => ({ lines, widthPx: 1654, heightPx: 2339 });

export const valuesOf = (readings: FieldReadings) =>
  Object.fromEntries(Object.entries(readings).map(([id, reading]) => [id, reading.value]));
