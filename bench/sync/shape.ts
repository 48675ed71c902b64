/** A line's shape as people write it: "20mbit,80ms" or "2mbit,200ms,resets". */
import { BenchError } from '../options.ts';

export interface Shape {
  /** Each way, shared by all connections. */
  bytesPerSecond: number;
  /** There and back. */
  roundTripMs: number;
  /** Every connection is reset this often; 0 never. */
  resetEveryMs: number;
}

const resetEveryMs = 6_000;

/** Throws BenchError. */
export function readShape(text: string): Shape {
  const shape: Shape = { bytesPerSecond: Infinity, roundTripMs: 0, resetEveryMs: 0 };
  for (const word of text.split(',')) {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)(mbit|ms)$/.exec(word) ?? [];
    if (word === 'resets') shape.resetEveryMs = resetEveryMs;
    else if (unit === 'mbit' && Number(amount) > 0) shape.bytesPerSecond = (Number(amount) * 1e6) / 8;
    else if (unit === 'ms') shape.roundTripMs = Number(amount);
    else throw new BenchError(`--shape takes words like 20mbit,80ms,resets; ${word} is none`);
  }
  return shape;
}
