import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inBatches, shareOut } from './line-batches.ts';

const widthsOf = fc.array(fc.integer({ min: 8, max: 2000 }), { maxLength: 120 });

test('every line is in one batch, with lines of like width alone, and no batch is too large', () => {
  fc.assert(
    fc.property(widthsOf, fc.integer({ min: 1, max: 12 }), (widths, maxLines) => {
      const batches = inBatches(widths, maxLines);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(widths.map((_, i) => i));
      for (const batch of batches) {
        const own = batch.map((i) => widths[i] ?? 0);
        expect(batch.length).toBeLessThanOrEqual(maxLines);
        if (batch.length < 2) continue;
        expect(Math.max(...own)).toBeLessThanOrEqual(1.3 * Math.min(...own) + 8);
        expect(Math.max(...own) * batch.length).toBeLessThanOrEqual(2600);
      }
    }),
  );
});

test('two lanes share all batches, and neither has more than the other and one batch', () => {
  fc.assert(
    fc.property(widthsOf, (widths) => {
      const batches = inBatches(widths);
      const work = (part: readonly number[][]): number =>
        part.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((i) => widths[i] ?? 0)), 0);
      const [here, there] = shareOut(batches, widths);
      expect([...here, ...there].toSorted()).toEqual(batches.toSorted());
      const largest = Math.max(0, ...batches.map((batch) => work([batch])));
      expect(work(here) - work(there)).toBeGreaterThanOrEqual(0);
      expect(work(here) - work(there)).toBeLessThanOrEqual(largest);
    }),
  );
});
