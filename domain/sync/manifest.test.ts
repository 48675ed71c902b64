import fc from '#tests/support/properties.ts';
import { describe, expect, it } from 'vitest';
import { backoff, nextDelayMs } from './backoff.ts';
import { helloText, manifestText, receiptText } from './manifest.ts';

describe('signed and hashed strings', () => {
  it('are these, to the character', () => {
    expect(manifestText('aa', [{ sha: 'bb' }, { sha: 'cc' }])).toBe('aa\nbb\ncc');
    expect(manifestText('aa', [])).toBe('aa');
    expect(helloText({ nonce: 'n', stationId: 's', installId: 'i', bootId: 'b' })).toBe('n|s|i|b');
    expect(
      receiptText({ id: 'id', manifestSha: 'm', serverSeq: 7, receivedAt: '2026-01-01T00:00:00.000Z' }),
    ).toBe('id|m|7|2026-01-01T00:00:00.000Z');
  });
  it('tell the order of pages apart', () => {
    expect(manifestText('a', [{ sha: 'b' }, { sha: 'c' }])).not.toBe(
      manifestText('a', [{ sha: 'c' }, { sha: 'b' }]),
    );
  });
});

describe('nextDelayMs', () => {
  it('stays between one second and a minute for ever', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const delay = nextDelayMs(attempt, () => random);
          expect(delay).toBeGreaterThanOrEqual(backoff.firstMs);
          expect(delay).toBeLessThanOrEqual(backoff.maxMs);
        },
      ),
    );
  });
  it('doubles its ceiling', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((attempt) => nextDelayMs(attempt, () => 1))).toEqual([
      2000, 4000, 8000, 16000, 32000, 60000, 60000,
    ]);
  });
});
