import { createHash, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import type { Authority } from '#tests/emulators/signing-token/demo-ca.ts';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
  squareFont,
  testMoment,
} from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';
import { checkChain } from './chain.ts';
import { buildSignedAttributes } from './cms.ts';
import { expectTlv, readAll, readTlv, sequence, tlv } from './der.ts';
import { completeSeal, prepareSeal } from './prepare-seal.ts';
import { isSignatureOf } from './signature.ts';
import { sm2Digest } from './sm2.ts';
import { verifySeal } from './verify-seal.ts';

let authority: Authority;
let company: TestCompany;
let other: TestCompany;
let material: Uint8Array;
const trust = (): Parameters<typeof verifySeal>[1] => ({
  trustAnchors: [authority.certificateDer, other.authority.certificateDer],
  at: testMoment,
});
const codes = async (pdf: Uint8Array): Promise<string[]> =>
  (await verifySeal(pdf, trust())).problems.map(({ code }) => code);

beforeAll(async () => {
  authority = createTestAuthority('测试国密认证中心', 'sm2');
  company = createTestCompany(authority, { kind: 'sm2' });
  other = createTestCompany(createTestAuthority());
  material = await createTestMaterial();
});

it('gives the digest of the example in the standard', () => {
  // GB/T 32918.5-2017 A.2: public key, message "message digest", e
  const point = Buffer.from(
    '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
      'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
    'hex',
  );
  expect(Buffer.from(sm2Digest(point, Buffer.from('message digest'))).toString('hex')).toBe(
    'f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640',
  );
});

describe('a seal with SM2', () => {
  it('is accepted with its signer and its profile named', async () => {
    expect(await verifySeal(await sealAs(company, material), trust())).toMatchObject({
      valid: true,
      signer: { algorithm: 'SM2-SM3' },
      signatures: [{ profile: 'gm' }],
    });
  });

  it('stands beside a seal of the other profile, whichever came first', async () => {
    for (const [first, second] of [
      [company, other],
      [other, company],
    ] as const) {
      expect(await codes(await sealAs(second, await sealAs(first, material)))).toEqual([]);
    }
  });

  it('is refused under the names that common viewers know, even where all else is right', async () => {
    const prepared = await prepareSeal(material, {
      signerCertificate: other.certificate,
      placement: { kind: 'bottom-right' },
      appearance: { companyName: '甲' },
      fonts: [squareFont],
      sealedAt: testMoment,
    });
    const { pdf, contentsStart } = prepared;
    const digest = createHash('sm3')
      .update(pdf.subarray(0, contentsStart))
      .update(pdf.subarray(contentsStart + 16_384 * 2 + 2))
      .digest();
    const meaning = { ...prepared.meaning, digest, signerCertificate: company.certificate };
    const signature = signAs(company, buildSignedAttributes(meaning));
    expect(await codes(completeSeal({ ...prepared, meaning }, signature))).toEqual(['PROFILE_WRONG']);
  });

  it('is refused after one flipped bit anywhere in its CMS', async () => {
    const sealed = await sealAs(company, material);
    const start = Buffer.from(sealed).lastIndexOf('/Contents <') + '/Contents <'.length;
    const cmsLength = readTlv(
      Buffer.from(Buffer.from(sealed.subarray(start, start + 4096)).toString(), 'hex'),
    ).raw.length;
    for (let at = 0; at < cmsLength; at += 13) {
      const changed = Buffer.from(sealed);
      const byte =
        parseInt(changed.toString('latin1', start + at * 2, start + at * 2 + 2), 16) ^ (1 << (at % 8));
      changed.write(byte.toString(16).padStart(2, '0'), start + at * 2, 'latin1');
      expect(await codes(changed), `byte ${at}`).not.toEqual([]);
    }
  });
});

describe('an SM2 signature', () => {
  const data = Buffer.from('材料');
  const judge = (signature: Uint8Array): boolean =>
    isSignatureOf({ certificate: company.certificate, data, signature });

  it('without the identity that the field agreed on is none', () => {
    expect(judge(signAs(company, data))).toBe(true);
    expect(judge(sign('sm3', data, company.privateKey))).toBe(false);
  });

  it('has one encoding, and numbers inside the order of the curve', () => {
    const numbers = readAll(readTlv(signAs(company, data)).value);
    const [r, s] = [expectTlv(numbers, 0, 0x02).value, expectTlv(numbers, 1, 0x02).value];
    expect(judge(sequence(tlv(0x02, r), tlv(0x02, s)))).toBe(true);
    expect(judge(sequence(tlv(0x02, Uint8Array.of(0), r), tlv(0x02, s)))).toBe(false);
    expect(judge(sequence(tlv(0x02, r), tlv(0x02, s), tlv(0x02, s)))).toBe(false);
    expect(judge(sequence(tlv(0x02, Uint8Array.of(0)), tlv(0x02, s)))).toBe(false);
    expect(judge(sequence(tlv(0x02, r), tlv(0x02, Uint8Array.of(0))))).toBe(false);
    expect(judge(new Uint8Array())).toBe(false);
  });
});

it('follows SM2 certificates to their authority only by the signature with the identity', () => {
  const question = { trustAnchors: [authority.certificateDer], at: testMoment };
  expect(checkChain(company.certificate, [], question).problems).toEqual([]);

  const [body, algorithm] = readAll(readTlv(company.certificate).value);
  if (!body || !algorithm) throw new Error('no certificate');
  const signature = sign('sm3', body.raw, authority.privateKey);
  const forged = sequence(body.raw, algorithm.raw, tlv(0x03, Uint8Array.of(0), signature));
  expect(checkChain(forged, [], question).problems).toEqual(['CERTIFICATE_UNTRUSTED']);
});
