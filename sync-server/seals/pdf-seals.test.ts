import { X509Certificate, createHash } from 'node:crypto';
import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { sealBlindly } from '#tests/support/forged-revisions.ts';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
  testMoment,
} from '#tests/support/sealed-material.ts';
import { createPdfSeals } from './pdf-seals.ts';

const authority = createTestAuthority();
const company = createTestCompany(authority);
const seals = createPdfSeals({ trustAnchors: [new X509Certificate(authority.certificateDer).toString()] });
const at = testMoment;
let material: Uint8Array;

beforeAll(async () => {
  material = await createTestMaterial(2);
});

describe('what the server takes out of a sealed paper', () => {
  it('is the content and the pictures of the file before its first seal', async () => {
    const sealed = await sealAs(company, material);
    const { report, content, pictureShas } = await seals.verify(sealed, { at });
    expect(report).toMatchObject({ valid: true, problems: [] });
    expect(content).toEqual({ 企业名称: '昆明滇池建筑工程有限公司' });
    expect(pictureShas).toHaveLength(2);
    const picture = await seals.picture(sealed, pictureShas[0] ?? '');
    expect(
      createHash('sha256')
        .update(picture ?? '')
        .digest('hex'),
    ).toBe(pictureShas[0]);
  });

  it('is nothing where a page paints something else and only names the picture', async () => {
    const document = await PDFDocument.load(material, { updateMetadata: false });
    const { context } = document;
    const paint = context.register(context.flateStream('1 0 0 rg 0 0 600 900 re f'));
    document.getPage(0).node.set(PDFName.of('Contents'), context.obj([paint]));
    const red = await sealAs(company, await document.save({ useObjectStreams: false }));
    const { report, content, pictureShas } = await seals.verify(red, { at });
    expect(report).toMatchObject({ valid: false, problems: ['页面不是由所列图片和填报内容组成的'] });
    expect([content, pictureShas]).toEqual([undefined, []]);
  });

  it('names the persons who sealed beside the company and whose certificates name no company', async () => {
    const person = createTestCompany(authority, {
      subject: { companyName: '昆明滇池建筑工程有限公司', commonName: '王芳' },
      serialNumber: Uint8Array.of(9),
    });
    const { report, unboundPersons } = await seals.verify(
      await sealBlindly(person, await sealAs(company, material)),
      { at },
    );
    expect(report.valid).toBe(true);
    expect(unboundPersons).toEqual(['王芳']);
  });
});
