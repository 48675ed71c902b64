import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { contentLine, sealLine } from '#domain/credentials/file.ts';
import { makeIdentifier } from '#domain/credentials/identifier.ts';
import { writeCredentialBody } from '#domain/credentials/schema.ts';
import { loadSigningTokens } from '#config/load-table.ts';
import { configFolder } from '#config/load-catalogue.ts';
import { checkCredentialFile, credentialJson, sealCredentialPdf } from './credential-file.ts';
import type { IssuerKey } from './credential-file.ts';
import { drawCredential } from './credential-pdf.ts';
import { loadSealFonts } from './seal-fonts.ts';

function makeKey(): IssuerKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}
const key = makeKey();
const other = makeKey();
const issuer = { name: '测试机构', code: '11210000MB9T9A0185' };
const bodyFor = (company: string): string =>
  writeCredentialBody({
    identifier: makeIdentifier({
      ...{ type: `${issuer.code}001`, issuer: issuer.code, serial: 'K7QF3MWT9XHR20AB', version: 1 },
    }),
    ...{ uniqueCode: 'TEST2026000000011', version: 1, issuer, issuedAt: '2026-11-21T08:00:00.000Z' },
    ...{ recordId: '01KAJ5E0000000000000000000', programme: 'test-programme', kind: 'by-hand' },
    titles: { programme: '测试项目', kind: '测试事项' },
    subject: { name: company, creditCode: '91210113MA0P4XU82N' },
    materials: [{ slot: 'paper', title: '测试证书', pdfSha: 'ab'.repeat(32) }],
  });
const signedBy = (by: IssuerKey, company = '辽宁沈北建设工程有限公司') => {
  const body = bodyFor(company);
  return { body, signature: by.sign(body) };
};
const verdictOf = (bytes: Uint8Array): string => checkCredentialFile(bytes, key.publicKeyPem).verdict;
const withByte = (bytes: Uint8Array, at: number, bit: number): Uint8Array => {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ (1 << bit);
  return changed;
};

let page: Uint8Array;
let pdf: Uint8Array;
beforeAll(async () => {
  page = await drawCredential(
    {
      title: '数字证照',
      subtitle: '资质等级证书',
      rows: [{ label: '持证单位', value: '辽宁沈北建设工程有限公司' }],
      address: 'https://ludeng.example/credentials/1',
      caption: '扫码查验当前状态',
      notes: ['以查验的当前状态为准。'],
      createdAt: '2026-11-21T08:00:00.000Z',
    },
    loadSealFonts(loadSigningTokens(configFolder).sealFonts),
  );
  pdf = sealCredentialPdf(page, signedBy(key), key);
});

test('a PDF and a JSON of this issuer hold with the published key alone, and say what was signed', () => {
  for (const file of [pdf, credentialJson(signedBy(key), key)]) {
    const checked = checkCredentialFile(file, key.publicKeyPem);
    expect(checked.verdict).toBe('holds');
    expect(checked.verdict === 'holds' && checked.body.subject.name).toBe('辽宁沈北建设工程有限公司');
  }
});

describe('a file that is not as it was issued', () => {
  test('never holds with one bit turned, wherever', () => {
    const held: number[] = [];
    const json = credentialJson(signedBy(key), key);
    for (let at = 0; at < pdf.length; at += 37)
      if (verdictOf(withByte(pdf, at, at % 7)) === 'holds') held.push(at);
    // what is left of a JSON by another case of its key's name is refused by its shape
    for (let at = 0; at < json.length; at++)
      if (verdictOf(withByte(json, at, at % 5)) === 'holds') held.push(-at);
    expect(held).toEqual([]);
  });

  test('cut off anywhere it is no whole file', () => {
    for (const kept of [0, 4, 100, page.length, pdf.length - 1, pdf.length - 40])
      expect(['incomplete', 'not-one']).toContain(verdictOf(pdf.subarray(0, kept)));
  });

  test('something added behind its seal is refused', () => {
    expect(verdictOf(Buffer.concat([pdf, Buffer.from('%%EOF\n')]))).toBe('incomplete');
    expect(verdictOf(Buffer.concat([pdf, Buffer.from('\n')]))).toBe('incomplete');
  });

  test('another company’s credential put under the page, or a page under another’s credential, is altered', () => {
    const another = sealCredentialPdf(
      Buffer.concat([page, Buffer.from('% \n')]),
      signedBy(key, '某某公司'),
      key,
    );
    const lines = Buffer.from(another).toString('latin1').split('\n');
    const swapped = Buffer.concat([page, Buffer.from(`\n${lines.slice(-3).join('\n')}`, 'latin1')]);
    expect(verdictOf(swapped)).toBe('altered');
  });

  test('the seal of a PDF signed by somebody else is altered, though the credential in it is genuine', () => {
    const content = Buffer.from(credentialJson(signedBy(key), key)).toString('base64');
    const forged = Buffer.concat([
      page,
      Buffer.from(`\n${contentLine(content)}${sealLine(other.sign('x'))}`),
    ]);
    expect(verdictOf(forged)).toBe('altered');
  });
});

test('signed anew by another key it is that key’s and no more', () => {
  expect(verdictOf(credentialJson(signedBy(other), other))).toBe('foreign');
  expect(verdictOf(sealCredentialPdf(page, signedBy(other), other))).toBe('foreign');
});

test('signed anew under our key’s name it is altered', () => {
  expect(verdictOf(credentialJson(signedBy(other), key))).toBe('altered');
});

test.each([
  ['nothing', ''],
  ['a picture', '\u00ff\u00d8\u00ff\u00e0'],
  ['another JSON', '{"a":1}'],
  ['half a JSON', '{"format":"ludeng-credential-file/1"'],
  ['a list', '[]'],
])('%s is none', (_, text) => {
  expect(verdictOf(Buffer.from(text, 'latin1'))).toBe('not-one');
});

test('another PDF is not the file that was issued', () => {
  expect(verdictOf(page)).toBe('incomplete');
});
