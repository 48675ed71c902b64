import { expect, test } from 'vitest';
import { sayCode } from './say-code.ts';

const said = (text: string) => sayCode({ format: 'QRCode', text });

test('a credit code is found alone, in a text and in an address', () => {
  const code = '91210113MA0P4XU88E';
  for (const text of [
    code,
    `统一社会信用代码：${code}；名称：某公司`,
    `https://www.gsxt.gov.cn/q?uniscid=${code}`,
  ])
    expect(said(text)).toEqual({ kind: 'credit-code', code });
});

test('eighteen signs with a wrong check digit are no credit code', () => {
  expect(said('91210113MA0P4XU88F')).toEqual({ kind: 'text', text: '91210113MA0P4XU88F' });
});

test('of an address the host is said, and of a long text its beginning', () => {
  expect(said('见 http://zzcx.example.gov.cn:8080/a?b=1')).toEqual({
    kind: 'address',
    host: 'zzcx.example.gov.cn:8080',
  });
  expect(said('http://')).toEqual({ kind: 'text', text: 'http://' });
  expect(said('证'.repeat(70))).toEqual({ kind: 'text', text: `${'证'.repeat(60)}…` });
});

test('a code without a text cannot be read', () => expect(said(' ')).toEqual({ kind: 'unreadable' }));
