/** Companies, keys and sealed PDFs for tests, made with software keys: no token is needed to test the seal itself. */
import sharp from 'sharp';
import { assemblePdf } from '#sealing/assemble-pdf.ts';
import type { LudengRecord, RecordSeal } from '#domain/record/schema.ts';
import { sealedRecord } from '#domain/record/sealed-record.ts';
import { completeRecordSeal, prepareRecordSeal } from '#sealing/record-seal.ts';
import { completeSeal, prepareSeal } from '#sealing/prepare-seal.ts';
import type { SealRequest } from '#sealing/prepare-seal.ts';
import type { SealFont } from '#sealing/true-type.ts';
import {
  createAuthority,
  generateKeys,
  issueCredential,
  signAs,
} from '#tests/emulators/signing-token/demo-ca.ts';
import type { Authority, CertificateOrder, KeyPair } from '#tests/emulators/signing-token/demo-ca.ts';

export const testMoment = '2026-11-21T09:00:00.000Z';
export const testValidity = { notBefore: '2025-01-01T00:00:00.000Z', notAfter: '2030-01-01T00:00:00.000Z' };

/** A font of squares: the seal's text is somebody else's test. */
export const squareFont: SealFont = {
  findGlyph: () => ({
    advanceEm: 1,
    path: [
      { kind: 'move', x: 0.1, y: 0 },
      { kind: 'line', x: 0.9, y: 0 },
      { kind: 'line', x: 0.9, y: 0.8 },
      { kind: 'line', x: 0.1, y: 0.8 },
    ],
  }),
};

export function createTestAuthority(name = '测试认证中心', kind: 'rsa' | 'sm2' = 'rsa'): Authority {
  return createAuthority(name, {
    ...testValidity,
    serialNumber: Uint8Array.of(1),
    keys: generateKeys(kind),
  });
}

export interface TestCompany extends KeyPair {
  authority: Authority;
  certificate: Uint8Array;
}

export function createTestCompany(
  authority: Authority,
  { kind = 'ec', ...order }: Partial<CertificateOrder> & { kind?: 'rsa' | 'ec' | 'sm2' } = {},
): TestCompany {
  const keys = generateKeys(kind);
  const certificate = issueCredential(authority, {
    subject: { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' },
    serialNumber: Uint8Array.of(7),
    validity: testValidity,
    ...order,
    publicKey: keys.publicKey,
  });
  return { ...keys, authority, certificate };
}

export async function createTestMaterial(pages = 1): Promise<Uint8Array> {
  const jpeg = await sharp({ create: { width: 105, height: 148, channels: 3, background: '#fdfdf8' } })
    .jpeg()
    .toBuffer();
  return assemblePdf({
    pages: Array.from({ length: pages }, () => ({ jpeg, widthMm: 210, heightMm: 297 })),
    attachment: Buffer.from(JSON.stringify({ 企业名称: '昆明滇池建筑工程有限公司' }), 'utf8'),
    title: '企业资质证书',
    createdAt: testMoment,
  });
}

export async function sealAs(
  company: TestCompany,
  pdf: Uint8Array,
  change: Partial<SealRequest> = {},
): Promise<Uint8Array> {
  const prepared = await prepareSeal(pdf, {
    signerCertificate: company.certificate,
    placement: { kind: 'bottom-right' },
    appearance: { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' },
    fonts: [squareFont],
    sealedAt: testMoment,
    reason: '材料签章',
    chain: [company.authority.certificateDer],
    ...change,
  });
  const signature = signAs(company, prepared.dataToSign);
  return completeSeal(prepared, signature);
}

/** The seal of the record as a whole, as a station sets it at 提交. */
export function sealRecordAs(company: TestCompany, record: LudengRecord, catalogueHash: string): RecordSeal {
  const prepared = prepareRecordSeal(sealedRecord(record, catalogueHash), {
    signerCertificate: company.certificate,
  });
  const cms = completeRecordSeal(prepared, signAs(company, prepared.dataToSign));
  return {
    format: 'ludeng-record/2',
    cms: Buffer.from(cms).toString('base64'),
    catalogueHash,
    sealedAt: record.updatedAt,
    signerName: record.subject.name,
    certificateSerial: '07',
    simulated: true,
  };
}
