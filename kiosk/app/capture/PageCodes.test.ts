import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import type { Page } from '#domain/record/schema.ts';
import PageCodes from './PageCodes.vue';

const said = (codes: Page['codes']) =>
  mount(PageCodes, { props: { page: { ...(codes ? { codes } : {}) } as Page } })
    .findAll('li')
    .map((item) => item.text());

test('says in words what the codes of a page hold, and which cannot be read', () => {
  expect(
    said([
      { format: 'QRCode', text: 'https://www.gsxt.gov.cn/i?uniscid=91210113MA0P4XU88E' },
      { format: 'QRCode', text: 'http://zzcx.example.gov.cn/a/b?c=1' },
      { format: 'Code128', text: 'LN20240312' },
      { format: 'QRCode', text: '' },
    ]),
  ).toEqual([
    '二维码：统一社会信用代码 91210113MA0P4XU88E',
    '二维码：网址 zzcx.example.gov.cn',
    '条形码：LN20240312',
    '二维码读不出，以证件上的文字为准；需要核对时请放平、靠近后重拍',
  ]);
});

test('says nothing of a page without codes, and of one that nobody looked at', () => {
  expect(said([])).toEqual([]);
  expect(said(undefined)).toEqual([]);
});
