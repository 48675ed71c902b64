import { expect, test } from 'vitest';
import { makePage } from '#tests/support/record-fixtures.ts';
import { dropPage, mergeWithPrevious, movePage, splitBefore, takeBack } from './arrange.ts';
import { afterArrival, leftOut, proposeDocuments, separatorPrefix } from './propose-documents.ts';
import type { Batch, BatchDocument, BatchPage } from './schema.ts';

const good = makePage('a'.repeat(64), 10);
function page(id: string, options: { kind?: string; blank?: boolean; code?: string } = {}): BatchPage {
  const { kind, blank, code } = options;
  return {
    id,
    page: blank ? { ...good, quality: { ...good.quality, good: false, issues: ['blank'] } } : good,
    kinds: kind === undefined ? [] : [{ documentType: kind, confidence: 0.9 }],
    codes: code === undefined ? [] : [code],
  };
}
const pagesOf = (documents: readonly BatchDocument[]) => documents.map(({ pages }) => pages.join(''));
const two: BatchDocument[] = [
  { id: 'a', pages: ['a', 'b'] },
  { id: 'c', pages: ['c', 'd'] },
];

test('a document begins behind a separator and where another kind of certificate begins', () => {
  const pages = [
    page('a', { kind: 'licence' }),
    page('b'),
    page('c', { kind: 'contract' }),
    page('d', { kind: 'contract' }),
    page('e', { code: `${separatorPrefix}-1` }),
    page('f'),
    page('g', { kind: 'licence' }),
  ];
  expect(pagesOf(proposeDocuments(pages))).toEqual(['ab', 'cd', 'fg']);
});

test('blank pages and separators are left out with their reason, and nothing else is', () => {
  const pages = [page('a'), page('b', { blank: true }), page('c', { code: separatorPrefix }), page('d')];
  const documents = proposeDocuments(pages);
  expect(pagesOf(documents)).toEqual(['a', 'd']);
  expect(leftOut({ pages, documents }).map((one) => [one.page.id, one.why])).toEqual([
    ['b', 'blank'],
    ['c', 'separator'],
  ]);
});

test('a kind that is only guessed splits nothing', () => {
  const unsure = { ...page('b'), kinds: [{ documentType: 'contract', confidence: 0.4 }] };
  expect(pagesOf(proposeDocuments([page('a', { kind: 'licence' }), unsure]))).toEqual(['ab']);
});

test('pages are split, merged, moved over borders, dropped and taken back', () => {
  expect(pagesOf(splitBefore(two, 'd'))).toEqual(['ab', 'c', 'd']);
  expect(pagesOf(mergeWithPrevious(two, 'c'))).toEqual(['abcd']);
  expect(pagesOf(movePage(two, 'b', 1))).toEqual(['a', 'bcd']);
  expect(pagesOf(movePage(two, 'a', 1))).toEqual(['ba', 'cd']);
  expect(pagesOf(movePage(two, 'c', -1))).toEqual(['abc', 'd']);
  const dropped = dropPage(two, 'b');
  expect(pagesOf(dropped)).toEqual(['a', 'cd']);
  expect(pagesOf(takeBack(dropped, 'b', ['a', 'b', 'c', 'd']))).toEqual(['ab', 'cd']);
});

test('a document that went to its material stays as it is', () => {
  const placed = two.map((one) => ({ ...one, placed: { recordId: 'r', slot: 's', at: good.capturedAt } }));
  for (const after of [
    splitBefore(placed, 'd'),
    mergeWithPrevious(placed, 'c'),
    movePage(placed, 'b', 1),
    dropPage(placed, 'b'),
  ])
    expect(pagesOf(after)).toEqual(['ab', 'cd']);
});

test('pages that come after sorting by hand move nothing that lies there', () => {
  const batch: Batch = {
    id: 's',
    creditCode: 'x',
    createdAt: good.capturedAt,
    updatedAt: good.capturedAt,
    revision: 1,
    pages: ['a', 'b', 'c', 'd'].map((id) => page(id, { kind: 'licence' })),
    documents: two,
    arranged: true,
    refused: [],
    complete: false,
  };
  expect(pagesOf(afterArrival(batch, page('e')).documents)).toEqual(['ab', 'cde']);
});
