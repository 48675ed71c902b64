import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import type { Name } from '@peculiar/asn1-x509';
import { PDFDocument } from '@cantoo/pdf-lib';
import { sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
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
import type { RevocationState, TrustQuestion } from './chain.ts';
import { inspectPdf } from './inspect-pdf.ts';
import { completeSeal, prepareSeal } from './prepare-seal.ts';
import type { SealReport } from './verify-seal.ts';
import { verifySeal } from './verify-seal.ts';

let authority: Authority;
let company: TestCompany;
let material: Uint8Array;
let sealed: Uint8Array;
let trust: TrustQuestion;

beforeAll(async () => {
  authority = createTestAuthority();
  company = createTestCompany(authority);
  material = await createTestMaterial();
  sealed = await sealAs(company, material);
  trust = { trustAnchors: [authority.certificateDer], at: testMoment };
});

const codes = ({ problems }: SealReport): string[] => problems.map(({ code }) => code);

/** Where the hexadecimal digits of the last signature stand. */
function findContents(pdf: Uint8Array): { start: number; end: number } {
  const text = Buffer.from(pdf).toString('latin1');
  const start = text.lastIndexOf('/Contents <') + '/Contents <'.length;
  return { start, end: text.indexOf('>', start) };
}

function edited(pdf: Uint8Array, edit: (bytes: Buffer) => void): Uint8Array {
  const copy = Buffer.from(pdf);
  edit(copy);
  return copy;
}

describe('a seal that is right', () => {
  it.each(['rsa', 'ec'] as const)('is accepted with its signer named (%s key)', async (kind) => {
    const holder = createTestCompany(authority, { kind });
    const report = await verifySeal(await sealAs(holder, material), trust);
    expect(report).toMatchObject({
      valid: true,
      problems: [],
      coversWholeFile: true,
      signer: { holderName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' },
      signatures: [{ fieldName: 'Seal1', reason: '材料签章', claimedAt: testMoment }],
    });
  });

  it('leaves the original as an exact byte prefix', () => {
    expect(Buffer.compare(sealed.subarray(0, material.length), material)).toBe(0);
  });

  it('is the same for the same input, signature aside', async () => {
    const request = {
      signerCertificate: company.certificate,
      placement: { kind: 'bottom-right' as const },
      appearance: { companyName: '甲' },
      fonts: [squareFont],
      sealedAt: testMoment,
    };
    const [first, second] = [await prepareSeal(material, request), await prepareSeal(material, request)];
    expect(Buffer.compare(first.pdf, second.pdf)).toBe(0);
  });

  it('carries the fields inside', async () => {
    const { material: read } = await inspectPdf(sealed);
    expect(JSON.parse(Buffer.from(read?.attachment ?? []).toString('utf8'))).toEqual({
      企业名称: '昆明滇池建筑工程有限公司',
    });
  });

  it('stays valid when a second company seals the same paper', async () => {
    const other = createTestCompany(authority, {
      subject: { companyName: '云南大理监理有限公司', creditCode: '91532900MA6K5678X6' },
      serialNumber: Uint8Array.of(8),
    });
    const twice = await sealAs(other, sealed, {
      placement: { kind: 'at', pageIndex: 0, leftMm: 20, topMm: 20 },
    });
    const report = await verifySeal(twice, trust);
    expect(report).toMatchObject({ valid: true, signer: { holderName: '云南大理监理有限公司' } });
    expect(report.signatures.map(({ fieldName, valid }) => [fieldName, valid])).toEqual([
      ['Seal1', true],
      ['Seal2', true],
    ]);
    expect(report.signatures[0]?.revisionLength).toBe(sealed.length);
  });

  it.each([
    ['a page that is turned', { rotate: 90 }],
    ['a page turned upside down', { rotate: 180 }],
    ['a page smaller than the seal', { size: [80, 60] as [number, number] }],
    ['a file with cross-reference streams', { useObjectStreams: true }],
    ['a file that has a form', { form: true }],
  ])(
    'goes on %s',
    async (
      _,
      kind: { rotate?: number; size?: [number, number]; useObjectStreams?: boolean; form?: boolean },
    ) => {
      const document = await PDFDocument.create();
      const page = document.addPage(kind.size ?? [595, 842]);
      if (kind.rotate) page.setRotation({ type: 'degrees', angle: kind.rotate } as never);
      if (kind.form) document.getForm().createTextField('姓名').addToPage(page);
      const pdf = await document.save({ useObjectStreams: kind.useObjectStreams ?? false });
      const once = await sealAs(company, pdf, {
        placement: { kind: 'at', pageIndex: 5, leftMm: 500, topMm: -3 },
      });
      expect(await verifySeal(once, trust)).toMatchObject({ valid: true });
      expect(await verifySeal(await sealAs(company, once), trust)).toMatchObject({ valid: true });
    },
  );
});

describe('a seal that is refused', () => {
  it('when bytes follow it', async () => {
    const report = await verifySeal(Buffer.concat([sealed, Buffer.from('\n% more')]), trust);
    expect(codes(report)).toContain('BYTES_AFTER_SIGNATURE');
  });

  it('when another revision follows it', async () => {
    const document = await PDFDocument.load(sealed, { forIncrementalUpdate: true });
    document.getPage(0).drawRectangle({ x: 0, y: 0, width: 100, height: 100 });
    expect(codes(await verifySeal(await document.commit(), trust))).toContain('BYTES_AFTER_SIGNATURE');
  });

  it('when the paper was changed between two seals', async () => {
    const document = await PDFDocument.load(sealed, { forIncrementalUpdate: true, updateMetadata: false });
    document.getPage(0).drawRectangle({ x: 0, y: 0, width: 100, height: 100 });
    const resealed = await sealAs(company, await document.commit({ useObjectStreams: false }));
    expect(codes(await verifySeal(resealed, trust))).toEqual(['CHANGED_BETWEEN_SIGNATURES']);
  });

  it('when the padding after the signature is not zero', async () => {
    const { end } = findContents(sealed);
    expect(
      codes(
        await verifySeal(
          edited(sealed, (bytes) => bytes.write('41', end - 2)),
          trust,
        ),
      ),
    ).toContain('PADDING_NOT_ZERO');
  });

  it('when the digits of the signature are written in another way', async () => {
    const { start } = findContents(sealed);
    const upper = edited(sealed, (bytes) => {
      for (let at = start; at < start + 200; at++)
        bytes[at] = String.fromCharCode(bytes[at] ?? 0)
          .toUpperCase()
          .charCodeAt(0);
    });
    expect(codes(await verifySeal(upper, trust))).toContain('CONTENTS_WRONG');
  });

  it('when the paper is another', async () => {
    const at = Buffer.from(sealed).indexOf('/MediaBox') + 12;
    const report = await verifySeal(
      edited(sealed, (bytes) => bytes.write('1', at)),
      trust,
    );
    expect(codes(report)).toContain('DIGEST_WRONG');
  });

  it('when another key made the signature', async () => {
    const stranger = createTestCompany(authority);
    const forged = await sealAs({ ...company, privateKey: stranger.privateKey }, material);
    expect(codes(await verifySeal(forged, trust))).toEqual(['SIGNATURE_WRONG']);
  });

  it('when the signature range leaves something out', async () => {
    const text = Buffer.from(sealed).toString('latin1');
    const range = /\/ByteRange \[ 0 (\d+) (\d+) (\d+) \]/.exec(text);
    const shorter = `/ByteRange [ 0 ${range?.[1]} ${Number(range?.[2]) + 2} ${Number(range?.[3]) - 2} ]`;
    const report = await verifySeal(
      edited(sealed, (bytes) => bytes.write(shorter, range?.index ?? 0)),
      trust,
    );
    expect(codes(report)).toContain('CONTENTS_WRONG');
  });

  it.each([
    [
      'has expired',
      { validity: { notBefore: '2020-01-01T00:00:00Z', notAfter: '2026-11-21T08:59:59Z' } },
      'CERTIFICATE_EXPIRED',
    ],
    [
      'is not valid yet',
      { validity: { notBefore: '2026-11-21T09:00:01Z', notAfter: '2029-01-01T00:00:00Z' } },
      'CERTIFICATE_NOT_YET_VALID',
    ],
  ])('when the certificate %s', async (_, order, code) => {
    const holder = createTestCompany(authority, order);
    expect(codes(await verifySeal(await sealAs(holder, material), trust))).toEqual([code]);
  });

  it('when the certificate was revoked', async () => {
    const revocation = (): RevocationState => ({ kind: 'revoked', since: '2026-01-01T00:00:00.000Z' });
    expect(codes(await verifySeal(sealed, { ...trust, revocation }))).toEqual(['CERTIFICATE_REVOKED']);
  });

  it('when nobody here trusts the authority', async () => {
    const namesake = createTestAuthority();
    const report = await verifySeal(sealed, { ...trust, trustAnchors: [namesake.certificateDer] });
    expect(codes(report)).toContain('CERTIFICATE_UNTRUSTED');
  });

  it('when a company, not an authority, issued the certificate', async () => {
    const name = readSubject(company.certificate);
    const child = createTestCompany({ ...company, name, certificateDer: company.certificate });
    const chain = [company.certificate];
    const prepared = await prepareSeal(material, { ...sealRequest(child.certificate), chain });
    const forged = completeSeal(prepared, sign('sha256', prepared.dataToSign, child.privateKey));
    expect(codes(await verifySeal(forged, trust))).toContain('CERTIFICATE_UNTRUSTED');
  });

  it('when a certificate travels along that has no part in it', async () => {
    const stranger = createTestCompany(authority, { serialNumber: Uint8Array.of(99) });
    const chain = [stranger.certificate];
    const prepared = await prepareSeal(material, { ...sealRequest(company.certificate), chain });
    const signature = sign('sha256', prepared.dataToSign, company.privateKey);
    const crowded = completeSeal(prepared, signature);
    expect(codes(await verifySeal(crowded, trust))).toEqual(['CERTIFICATE_UNKNOWN_EXTRA']);
  });

  it('when there is none, or no PDF', async () => {
    expect(codes(await verifySeal(material, trust))).toEqual(['NO_SIGNATURE']);
    expect(codes(await verifySeal(Buffer.from('not a paper'), trust))).toEqual(['NOT_A_PDF']);
  });
});

it('does not let an encryption certificate seal', async () => {
  const holder = createTestCompany(authority, { use: 'encrypt' });
  await expect(sealAs(holder, material)).rejects.toMatchObject({ code: 'CERTIFICATE_WRONG_USE' });
});

it('does not seal a file that is damaged', async () => {
  await expect(sealAs(company, Buffer.from('%PDF-1.7\nbroken'))).rejects.toMatchObject({
    code: 'FILE_DAMAGED',
  });
});

it('neither seals nor accepts a file with a password, and says so', async () => {
  const document = await PDFDocument.create();
  document.addPage();
  document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' });
  const encrypted = await document.save();
  await expect(sealAs(company, encrypted)).rejects.toMatchObject({ code: 'FILE_ENCRYPTED' });
  expect(codes(await verifySeal(encrypted, trust))).toEqual(['ENCRYPTED']);
});

describe('one flipped bit', () => {
  it(
    'is found wherever it is: the signature whole, every kind of place beside it',
    { timeout: 120_000 },
    async () => {
      const { start, end } = findContents(sealed);
      const cmsEnd = start + 2 * 1400; // the CMS of an EC key is shorter than that; the rest is padding
      const places: number[] = [];
      for (let at = start - 60; at < cmsEnd; at += 3) places.push(at);
      for (let at = cmsEnd; at < end + 2; at += 211) places.push(at);
      for (let at = 0; at < start; at += 97) places.push(at);
      for (let at = end; at < sealed.length; at += 3) places.push(at);
      const accepted: string[] = [];
      for (const [index, at] of places.entries()) {
        const bit = index % 8;
        const flipped = edited(sealed, (bytes) => (bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)));
        if ((await verifySeal(flipped, trust)).valid) accepted.push(`byte ${at} bit ${bit}`);
      }
      expect(places.length).toBeGreaterThan(1000);
      expect(accepted).toEqual([]);
    },
  );
});

function sealRequest(signerCertificate: Uint8Array): Parameters<typeof prepareSeal>[1] {
  return {
    signerCertificate,
    placement: { kind: 'bottom-right' },
    appearance: { companyName: '甲' },
    fonts: [squareFont],
    sealedAt: testMoment,
  };
}

function readSubject(certificate: Uint8Array): Name {
  return AsnConvert.parse(certificate, Certificate).tbsCertificate.subject;
}
