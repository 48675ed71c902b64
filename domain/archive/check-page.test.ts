import { expect, test } from 'vitest';
import { makePage } from '#tests/support/record-fixtures.ts';
import { checkPage, repeatedOf } from './check-page.ts';
import type { ScanFacts } from './check-page.ts';

const page = { ...makePage('a'.repeat(64), 10), widthMm: 210, heightMm: 297, dpi: 200 };
const quality: typeof page.quality = { ...page.quality, issues: [], skewDeg: 0.2 };
const good = { ...page, quality };
const failed = (of: typeof good, facts: Partial<ScanFacts> = {}) =>
  checkPage(of, { isRepeated: false, ...facts })
    .filter(({ ok }) => !ok)
    .map(({ rule }) => rule);

test('a straight, complete page in colour at 200 dpi keeps the standard', () => {
  expect(failed(good)).toEqual([]);
});

test('each fault is told by its rule', () => {
  expect(failed(good, { dpi: 150 })).toEqual(['resolution']);
  expect(failed(good, { colour: 'grey' })).toEqual(['colour']);
  expect(failed({ ...good, quality: { ...good.quality, skewDeg: -1.4 } })).toEqual(['skew']);
  expect(failed({ ...good, quality: { ...good.quality, issues: ['page-not-found'] } })).toEqual(['border']);
  expect(failed({ ...good, quality: { ...good.quality, issues: ['cut-off'] } })).toEqual(['complete']);
  expect(failed({ ...good, quality: { ...good.quality, issues: ['glare'] } })).toEqual(['clear']);
  expect(failed({ ...good, quality: { ...good.quality, issues: ['blank'] } })).toEqual(['blank']);
  expect(failed(good, { isRepeated: repeatedOf([good, good]).has(good.sha) })).toEqual(['repeated']);
});

test('a camera’s page is judged by the picture it was cut from, not by the size it was enlarged to', () => {
  const corners: [[number, number], [number, number], [number, number], [number, number]] = [
    [0, 0],
    [1240, 0],
    [1240, 1754],
    [0, 1754],
  ];
  const original = { sha: 'b'.repeat(64), corners, widthPx: 1600, heightPx: 1800 };
  expect(failed({ ...good, original })).toEqual(['resolution']);
});
