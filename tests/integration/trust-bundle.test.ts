/** A station that has not enrolled trusts what its own file says: a bundle in any order, in any of the usual formats. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { createTestAuthority, createTestCompany } from '#tests/support/sealed-material.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { readCertificates } from '../../sync-server/settings.ts';

let whole: WholeStation;
let bundle: string;

beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  const stranger = createTestAuthority();
  const leaf = createTestCompany(stranger).certificate;
  const ownFile = readFileSync(whole.counter.trustAnchorFile);
  bundle = [leaf, stranger.certificateDer]
    .map((der) => new X509Certificate(der).toString())
    .join('')
    .concat(ownFile.toString());
});
afterAll(() => whole.close());

async function signsIn(file: Uint8Array): Promise<string> {
  await whole.stopAgent();
  writeFileSync(whole.counter.trustAnchorFile, file);
  await whole.startAgent();
  const [token] = await whole.station.call('tokens');
  const certificate = token?.certificates.find(({ use }) => use === 'sign');
  if (!token || !certificate) throw new Error('no token');
  const body = { tokenId: token.id, certificateId: certificate.id, pin: demoPin };
  return (await whole.station.call('login', { body })).subject.name;
}

it('signs in by the last certificate of a PEM bundle that begins with a leaf', async () => {
  expect(await signsIn(Buffer.from(bundle))).toMatch(/公司/);
});

it.each(['DER', 'PEM'])('signs in by a .p7b in %s, and the server reads the same file', async (form) => {
  const [input, output] = [join(whole.folder, 'bundle.pem'), join(whole.folder, `bundle-${form}.p7b`)];
  writeFileSync(input, bundle);
  execFileSync('openssl', ['crl2pkcs7', '-nocrl', '-certfile', input, '-outform', form, '-out', output]);
  expect(await signsIn(readFileSync(output))).toMatch(/公司/);
  // the two authorities, without the leaf
  expect(readCertificates(output)).toHaveLength(2);
});

it('says which file it cannot read', async () => {
  await whole.stopAgent();
  writeFileSync(whole.counter.trustAnchorFile, 'no certificate');
  await expect(whole.startAgent()).rejects.toMatchObject({
    code: 'TRUST_FILE_UNREADABLE',
    details: { file: 'demo-authority.pem' },
  });
  expect(() => readCertificates(whole.counter.trustAnchorFile)).toThrow('TRUST_FILE_UNREADABLE');
});
