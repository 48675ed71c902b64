/** One seal, one form: nobody but the signer can write a valid seal in a second way. */
import { createHash, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, generateKeys, signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
  squareFont,
  testMoment,
  testValidity,
} from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';
import { authoritiesBetween } from './chain.ts';
import { buildCms, buildSignedAttributes, readCms } from './cms.ts';
import type { CmsParts } from './cms.ts';
import { expectTlv, integer, readAll, readTlv, sequence, tlv } from './der.ts';
import { completeSeal, prepareSeal } from './prepare-seal.ts';
import { isNormalSignature, isSignatureOf, normaliseSignature } from './signature.ts';
import { verifySeal } from './verify-seal.ts';

const orders = {
  'P-256': BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  SM2: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
};
const root = createTestAuthority('测试根认证中心');
const between = createAuthority('测试二级认证中心', {
  ...testValidity,
  serialNumber: Uint8Array.of(2),
  keys: generateKeys('ec'),
  issuer: root,
});
const company = createTestCompany(between);
const trust = { trustAnchors: [root.certificateDer, between.certificateDer], at: testMoment };
let material: Uint8Array;
let sealed: Uint8Array;

beforeAll(async () => {
  material = await createTestMaterial();
  sealed = await sealAs(company, material, { chain: [root.certificateDer, between.certificateDer] });
});

const codes = async (pdf: Uint8Array): Promise<string[]> =>
  (await verifySeal(pdf, trust)).problems.map(({ code }) => code);

/** The CMS out of a sealed PDF, changed, in its place again. */
function withCms(pdf: Uint8Array, change: (cms: Uint8Array) => Uint8Array): Uint8Array {
  const copy = Buffer.from(pdf);
  const start = copy.lastIndexOf('/Contents <') + '/Contents <'.length;
  const end = copy.indexOf('>', start);
  const cms = readTlv(Buffer.from(copy.toString('latin1', start, end), 'hex')).raw;
  copy.write(
    Buffer.from(change(cms))
      .toString('hex')
      .padEnd(end - start, '0'),
    start,
    'latin1',
  );
  return copy;
}
function partsOf(cms: Uint8Array): CmsParts {
  const reading = readCms(cms);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.parts;
}
const rewritten = (pdf: Uint8Array, change: (parts: CmsParts) => CmsParts): Uint8Array =>
  withCms(pdf, (cms) => buildCms(change(partsOf(cms))));

function otherS(signature: Uint8Array, order: bigint): Uint8Array {
  const numbers = readAll(readTlv(signature).value);
  const [r, s] = [expectTlv(numbers, 0, 0x02).value, expectTlv(numbers, 1, 0x02).value];
  const other = (order - BigInt(`0x${Buffer.from(s).toString('hex')}`)).toString(16).padStart(64, '0');
  return sequence(integer(r), integer(Buffer.from(other, 'hex')));
}

describe('an ECDSA seal', () => {
  it('has the low s, whichever its token gave', async () => {
    const prepared = await prepareSeal(material, request(company));
    const signature = normaliseSignature(company.certificate, signAs(company, prepared.dataToSign));
    const high = otherS(signature, orders['P-256']);
    expect(
      isSignatureOf({ certificate: company.certificate, data: prepared.dataToSign, signature: high }),
    ).toBe(true);
    expect(isNormalSignature(company.certificate, high)).toBe(false);
    expect(Buffer.compare(completeSeal(prepared, high), completeSeal(prepared, signature))).toBe(0);
    expect(await codes(completeSeal(prepared, high))).toEqual([]);
  });

  it('with (r, n - s) is refused', async () => {
    expect(await codes(sealed)).toEqual([]);
    const changed = rewritten(sealed, (parts) => ({
      ...parts,
      signature: otherS(parts.signature, orders['P-256']),
    }));
    expect(await codes(changed)).toEqual(['SIGNATURE_NOT_NORMAL']);
  });

  it('of a signature in another writing is refused', async () => {
    const { signature } = partsOf(cmsOf(sealed));
    const numbers = readAll(readTlv(signature).value).map(({ value }) => value);
    const [r, s] = numbers as [Uint8Array, Uint8Array]; // a signature has two numbers
    for (const odd of [
      sequence(tlv(0x02, Uint8Array.of(0), r), tlv(0x02, s)),
      sequence(tlv(0x02, r), tlv(0x02, s), tlv(0x02, s)),
      Buffer.concat([signature, Buffer.from([0])]),
    ])
      expect(await codes(rewritten(sealed, (parts) => ({ ...parts, signature: odd })))).toContain(
        'SIGNATURE_WRONG',
      );
  });
});

describe('the authorities in a seal', () => {
  it.each([
    ['left out', () => []],
    ['one left out', ([first]: readonly Uint8Array[]) => (first ? [first] : [])],
    ['one there twice', ([first, ...more]: readonly Uint8Array[]) => (first ? [first, first, ...more] : [])],
    ['one more', (others: readonly Uint8Array[]) => [...others, createTestAuthority().certificateDer]],
    ['in another order', (others: readonly Uint8Array[]) => others.toReversed()],
  ])('%s: refused', async (_, change) => {
    const changed = withCms(sealed, (cms) => swapDocuments(cms, change(partsOf(cms).others)));
    expect(Buffer.compare(changed, sealed)).not.toBe(0);
    expect(await codes(changed)).not.toEqual([]);
  });

  it('whose own signature was written in the other way: refused', async () => {
    const ecRoot = createAuthority('测试椭圆根', {
      ...testValidity,
      serialNumber: Uint8Array.of(1),
      keys: generateKeys('ec'),
    });
    const below = createAuthority('测试椭圆二级', {
      ...testValidity,
      serialNumber: Uint8Array.of(2),
      keys: generateKeys('ec'),
      issuer: ecRoot,
    });
    const holder = createTestCompany(below);
    const pdf = await sealAs(holder, material);
    const judge = async (file: Uint8Array): Promise<boolean> =>
      (await verifySeal(file, { ...trust, trustAnchors: [ecRoot.certificateDer] })).valid;
    expect(await judge(pdf)).toBe(true);
    const changed = withCms(pdf, (cms) => swapDocuments(cms, partsOf(cms).others.map(withOtherS)));
    expect(await judge(changed)).toBe(false);
  });

  it('are those between signer and root that the station knows', () => {
    expect(authoritiesBetween(company.certificate, trust)).toEqual([between.certificateDer]);
    const only = (...trustAnchors: Uint8Array[]): Uint8Array[] =>
      authoritiesBetween(company.certificate, { ...trust, trustAnchors });
    expect(only(between.certificateDer)).toEqual([]);
    expect(only(root.certificateDer)).toEqual([]);
  });
});

describe('a seal of the first form', () => {
  // as stations wrote it before: one certificate, its hash alone signed, any s
  const first = async (signer: TestCompany, isHigh: boolean): Promise<Uint8Array> => {
    const prepared = await prepareSeal(material, request(signer));
    const meaning = { ...prepared.meaning, form: 1 as const };
    const low = normaliseSignature(signer.certificate, signAs(signer, buildSignedAttributes(meaning)));
    const signature = isHigh ? otherS(low, orders['P-256']) : low;
    return withCms(completeSeal(prepared, signature), () => buildCms({ ...meaning, signature }));
  };

  it('stays valid, with either s', async () => {
    expect(await codes(await first(company, false))).toEqual([]);
    expect(await codes(await first(company, true))).toEqual([]);
  });
  it('may carry authorities that it did not name, each once and none that leads elsewhere', async () => {
    const pdf = await first(company, false);
    const carrying = (...others: Uint8Array[]): Uint8Array =>
      withCms(pdf, (cms) => buildCms({ ...partsOf(cms), others }));
    const ca = between.certificateDer;
    expect(await codes(carrying(ca))).toEqual([]);
    expect(await codes(carrying(ca, root.certificateDer))).toEqual([]);
    expect(await codes(carrying(ca, ca))).toEqual(['PROFILE_WRONG']);
    expect(await codes(carrying(createTestAuthority().certificateDer))).toContain(
      'CERTIFICATE_UNKNOWN_EXTRA',
    );
  });
  it('is not made of one of the second, nor the other way round', async () => {
    expect(await codes(rewritten(sealed, (parts) => ({ ...parts, form: 1, others: [] })))).not.toEqual([]);
    const pdf = await first(company, false);
    expect(await codes(rewritten(pdf, (parts) => ({ ...parts, form: 2 })))).not.toEqual([]);
  });
});

it('an RSA or SM2 signature stays as its token gave it, and SM2 has no second s', () => {
  const rsa = createTestCompany(root, { kind: 'rsa' });
  const bytes = sign('sha256', material, rsa.privateKey);
  expect(normaliseSignature(rsa.certificate, bytes)).toBe(bytes);
  const gm = createTestAuthority('测试国密', 'sm2');
  const holder = createTestCompany(gm, { kind: 'sm2' });
  const data = createHash('sha256').update(material).digest();
  const signature = signAs(holder, data);
  expect(normaliseSignature(holder.certificate, signature)).toBe(signature);
  const judge = (one: Uint8Array): boolean =>
    isSignatureOf({ certificate: holder.certificate, data, signature: one });
  expect(judge(signature)).toBe(true);
  expect(judge(otherS(signature, orders.SM2))).toBe(false);
});

function request(signer: TestCompany): Parameters<typeof prepareSeal>[1] {
  return {
    signerCertificate: signer.certificate,
    placement: { kind: 'bottom-right' },
    appearance: { companyName: '甲' },
    fonts: [squareFont],
    sealedAt: testMoment,
  };
}

function cmsOf(pdf: Uint8Array): Uint8Array {
  let found = new Uint8Array();
  withCms(pdf, (cms) => (found = new Uint8Array(cms)));
  return found;
}

/** The CMS with other certificates in its set and all else, what is signed too, as it was; not sorted. */
function swapDocuments(cms: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const { signerCertificate } = partsOf(cms);
  const [type, wrapped] = readAll(readTlv(cms).value);
  const fields = readAll(readTlv(wrapped?.value ?? new Uint8Array()).value);
  const [version, digests, content, , signers] = fields.map(({ raw }) => raw);
  const parts = [version, digests, content].flatMap((one) => one ?? []);
  const set = [signerCertificate, ...others];
  const sorted = set.toSorted((one, other) => Buffer.compare(one, other));
  const isSame = others.length === partsOf(cms).others.length && sorted.every((der) => isIn(cms, der));
  return sequence(
    type?.raw ?? new Uint8Array(),
    tlv(
      0xa0,
      sequence(...parts, tlv(0xa0, ...(isSame ? sorted.toReversed() : sorted)), signers ?? new Uint8Array()),
    ),
  );
}

const isIn = (cms: Uint8Array, der: Uint8Array): boolean => Buffer.from(cms).includes(Buffer.from(der));

/** A certificate whose issuer's ECDSA signature is (r, n - s). */
function withOtherS(der: Uint8Array): Uint8Array {
  const [body, algorithm, bits] = readAll(readTlv(der).value);
  if (!body || !algorithm || !bits) throw new Error('no certificate');
  return sequence(
    body.raw,
    algorithm.raw,
    tlv(0x03, Uint8Array.of(0), otherS(bits.value.subarray(1), orders['P-256'])),
  );
}
