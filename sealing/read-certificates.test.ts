import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, generateKeys } from '#tests/emulators/signing-token/demo-ca.ts';
import { createTestAuthority, createTestCompany, testValidity } from '#tests/support/sealed-material.ts';
import { readAuthorities, readCertificates } from './read-certificates.ts';

const root = createTestAuthority('测试根认证中心');
const between = createAuthority('测试二级认证中心', {
  ...testValidity,
  serialNumber: Uint8Array.of(2),
  keys: generateKeys('ec'),
  issuer: root,
});
const leaf = createTestCompany(between).certificate;
const pem = (der: Uint8Array): string => new X509Certificate(der).toString();
const all = [leaf, between.certificateDer, root.certificateDer];
const authorities = [between.certificateDer, root.certificateDer];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ludeng-bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sorted = (list: readonly Uint8Array[]): string[] =>
  list.map((der) => Buffer.from(der).toString('hex')).sort();
/** Written by OpenSSL: `openssl crl2pkcs7 -nocrl`. */
function pkcs7(form: 'DER' | 'PEM'): Buffer {
  const [input, output] = [join(folder, 'bundle.pem'), join(folder, `bundle.${form}`)];
  writeFileSync(input, all.map(pem).join(''));
  execFileSync('openssl', ['crl2pkcs7', '-nocrl', '-certfile', input, '-outform', form, '-out', output]);
  return readFileSync(output);
}
/** The same with lengths left open, as some exporters write it (BER). */
function withoutLengths(der: Buffer): Buffer {
  const headOf = (at: number): number => 2 + ((der[at + 1] ?? 0) & 0x80 ? (der[at + 1] ?? 0) & 0x7f : 0);
  const inner = headOf(0);
  return Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(inner), Buffer.from([0, 0])]);
}

describe('a bundle', () => {
  it.each([
    ['leaf first', () => all.map(pem).join('')],
    ['root first', () => all.toReversed().map(pem).join('\n\n')],
    ['one of them twice', () => [...all, leaf].map(pem).join('')],
    [
      'with text between them',
      () => all.map((der, index) => `# ${index}\nsubject: 某\n${pem(der)}`).join('\n'),
    ],
    ['with Windows line ends', () => all.map(pem).join('').replaceAll('\n', '\r\n')],
    ['behind a byte order mark', () => `\ufeff${all.map(pem).join('')}`],
    ['in UTF-16', () => Buffer.from(`\ufeff${all.map(pem).join('')}`, 'utf16le')],
    ['as .p7b in DER', () => pkcs7('DER')],
    ['as .p7b in PEM', () => pkcs7('PEM')],
    ['as .p7b in base64 without armour', () => pkcs7('DER').toString('base64')],
    ['as .p7b without lengths', () => withoutLengths(pkcs7('DER'))],
  ])('%s is read whole, and trusts its authorities', (_, make) => {
    const file = Buffer.from(make());
    expect(sorted(readCertificates(file))).toEqual(sorted(all));
    expect(sorted(readAuthorities(file))).toEqual(sorted(authorities));
  });
});

it.each([
  ['PEM', () => pem(root.certificateDer)],
  ['DER', () => root.certificateDer],
  ['base64', () => Buffer.from(root.certificateDer).toString('base64')],
])('a single certificate in %s is read', (_, make) => {
  expect(sorted(readAuthorities(Buffer.from(make())))).toEqual(sorted([root.certificateDer]));
});

it('a single certificate that is no authority is trusted for itself', () => {
  expect(sorted(readAuthorities(leaf))).toEqual(sorted([leaf]));
});

it.each([
  ['nothing', ''],
  ['text', 'hello'],
  ['a key', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n'],
  ['a certificate that was cut', pem(root.certificateDer).slice(0, 300)],
  ['a block that is none', '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n'],
])('%s is refused', (_, text) => {
  expect(() => readCertificates(Buffer.from(text))).toThrow();
});
