import { generateKeyPairSync, sign, webcrypto } from 'node:crypto';
import { expect, test } from 'vitest';
import { examineCredential } from './issued-credential.ts';

const subtle = webcrypto.subtle as SubtleCrypto;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const uniqueCode = 'LNZT202600000001F';
const body = JSON.stringify({
  format: 'ludeng-certificate/1',
  issuedAt: '2026-11-21T08:00:00.000Z',
  kind: 'qualification-grade',
  light: 'green',
  materials: [{ pdfSha: 'ab'.repeat(32), slot: 'certificate' }],
  programme: 'liaoning-subject-library',
  recordId: '01KAJ5E0000000000000000000',
  subject: { creditCode: '91210113MA0P4XU88E', name: '辽宁沈北建设工程有限公司' },
  uniqueCode,
});
const issued = {
  uniqueCode,
  issuedAt: '2026-11-21T08:00:00.000Z',
  body,
  signature: sign(null, Buffer.from(body), privateKey).toString('base64'),
  serverPublicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};

test('a signature over the very text holds, and the key has a fingerprint to compare', async () => {
  const view = await examineCredential(issued, uniqueCode, subtle);
  expect(view.signature).toBe('holds');
  expect(view.body?.subject.name).toBe('辽宁沈北建设工程有限公司');
  expect(view.fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
});

test('one changed character breaks it, and nothing of the text is shown', async () => {
  const changed = { ...issued, body: body.replace('沈北', '沈南') };
  const view = await examineCredential(changed, uniqueCode, subtle);
  expect(view).toMatchObject({ signature: 'broken' });
  expect(view.body).toBeUndefined();
});

test('a good certificate of another code is not an answer for this one', async () => {
  expect((await examineCredential(issued, 'LNZT202600000002D', subtle)).signature).toBe('broken');
});

test('without the browser’s means nothing is claimed', async () => {
  expect((await examineCredential(issued, uniqueCode, undefined)).signature).toBe('unchecked');
});
