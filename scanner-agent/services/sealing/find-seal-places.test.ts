import { expect, test } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import { findSealPlaces } from './find-seal-places.ts';

const keywords = ['盖章处', '公章', '盖章', '法定代表人签字'];
const size = { widthPx: 2100, heightPx: 2970, widthMm: 210, heightMm: 297 };
const line = (text: string, left: number, top: number, width = 400) => ({
  text,
  confidence: 1,
  box: [
    [left, top],
    [left + width, top],
    [left + width, top + 40],
    [left, top + 40],
  ] as Quad,
});

test('the seal goes where the paper says so, the surest word and the last place first', () => {
  const pages = [
    { page: 0, ...size, lines: [line('单位（盖章）：', 200, 100), line('与本文无关', 0, 0)] },
    { page: 2, ...size, lines: [line('此处 盖 章 处', 1000, 2000), line('（盖章）', 200, 2500)] },
  ];
  expect(findSealPlaces(pages, keywords).map(({ keyword, page }) => [keyword, page])).toEqual([
    ['盖章处', 2],
    ['盖章', 2],
    ['盖章', 0],
  ]);
});

test('the middle of the word counts, not that of the line', () => {
  const [place] = findSealPlaces(
    [{ page: 0, ...size, lines: [line('投标人名称公章', 0, 1000, 700)] }],
    keywords,
  );
  expect(place).toEqual({ keyword: '公章', page: 0, xMm: 60, yMm: 102 });
});

test('a paper without such a word names no place', () => {
  expect(findSealPlaces([{ page: 0, ...size, lines: [line('营业执照', 0, 0)] }], keywords)).toEqual([]);
});
