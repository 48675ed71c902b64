import { expect, test } from 'vitest';
import type { Quality } from '#domain/reading/schema.ts';
import type { Page } from '#domain/record/schema.ts';
import { notesOf } from './judge-pages.ts';

const pageWith = (quality: Partial<Quality>): Page => ({ quality }) as Page;

test('says which corner is folded, and what to do', () => {
  expect(notesOf(pageWith({ issues: ['folded'], foldedCorners: ['top-right'] }))).toEqual([
    '页面右上角折起，请展平后重拍',
  ]);
});

test('says of a page stored without its corners that one is folded', () => {
  expect(notesOf(pageWith({ issues: ['glare', 'folded'] }))).toEqual([
    '画面有反光，请调整角度或取下塑封后重拍',
    '页面有折角，请展平后重拍',
  ]);
});
