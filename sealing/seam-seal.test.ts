import { createHash } from 'node:crypto';
import { PDFDict, PDFDocument } from '@cantoo/pdf-lib';
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
import type { TrustQuestion } from './chain.ts';
import { seamOwnerOf } from './check-marks.ts';
import { buildSignedAttributes } from './cms.ts';
import { completeSeal, prepareSeal } from './prepare-seal.ts';
import { planSeam } from './seam-plan.ts';
import { verifySeal } from './verify-seal.ts';

let authority: Authority;
let company: TestCompany;
let person: TestCompany;
let paper: Uint8Array;
let sealed: Uint8Array;
let trust: TrustQuestion;

beforeAll(async () => {
  authority = createTestAuthority();
  company = createTestCompany(authority);
  person = createTestCompany(authority, {
    subject: {
      companyName: '昆明滇池建筑工程有限公司',
      creditCode: '91530100MA6K1234X5',
      commonName: '李明远',
    },
    serialNumber: Uint8Array.of(9),
  });
  paper = await createTestMaterial(3);
  sealed = await sealAs(company, paper, { seam: { at: 0.5 } });
  trust = { trustAnchors: [authority.certificateDer], at: testMoment };
});

const codes = async (pdf: Uint8Array): Promise<string[]> =>
  (await verifySeal(pdf, trust)).problems.map(({ code }) => code);

/** What a forger with a good key makes: something of what is seen changed first, signed then. Lengths must agree. */
async function forged(change: (text: string) => string): Promise<Uint8Array> {
  const prepared = await prepareSeal(paper, {
    signerCertificate: company.certificate,
    placement: { kind: 'bottom-right' },
    appearance: { companyName: '甲' },
    fonts: [squareFont],
    sealedAt: testMoment,
    seam: { at: 0.5 },
  });
  const text = Buffer.from(prepared.pdf).toString('latin1');
  const pdf = Buffer.from(change(text), 'latin1');
  expect(pdf.length).toBe(prepared.pdf.length);
  const contentsEnd = pdf.indexOf('>', prepared.contentsStart) + 1;
  const digest = createHash('sha256')
    .update(pdf.subarray(0, prepared.contentsStart))
    .update(pdf.subarray(contentsEnd))
    .digest();
  const meaning = { ...prepared.meaning, digest };
  const signature = signAs(company, buildSignedAttributes(meaning));
  return completeSeal({ ...prepared, pdf, meaning }, signature);
}

function stripsOf(document: PDFDocument): PDFDict[] {
  return document
    .getPages()
    .flatMap((page) =>
      (page.node.Annots()?.asArray() ?? [])
        .map((item) => document.context.lookup(item))
        .filter((item): item is PDFDict => item instanceof PDFDict && seamOwnerOf(item) !== undefined),
    );
}

describe('a seam', () => {
  it.each([
    [1, 0, []],
    [2, 2, [0, 0.5, 1]],
    [20, 20, undefined],
    [21, 21, undefined],
    [300, 300, undefined],
  ])('over %i pages has %i strips that make whole seals', (pages, count, edges) => {
    const plan = planSeam(pages);
    expect(plan.length).toBe(count);
    expect(plan.map(({ pageIndex }) => pageIndex)).toEqual(Array.from({ length: count }, (_, i) => i));
    for (const { from, to } of plan) expect(to - from).toBeGreaterThan(1 / 21);
    const next = plan.map(({ to }, index) => (to === 1 ? 0 : (plan[index + 1]?.from ?? -1)));
    expect(plan.map(({ to }) => (to === 1 ? 0 : to))).toEqual(next);
    if (edges) expect([...plan.map(({ from }) => from), ...(count > 0 ? [1] : [])]).toEqual(edges);
  });

  it('stands on every page and is accepted', async () => {
    expect(stripsOf(await PDFDocument.load(sealed)).length).toBe(3);
    expect(await verifySeal(sealed, trust)).toMatchObject({ valid: true, problems: [] });
  });

  it('stays accepted when the legal person and another company seal after it, with a seam of their own', async () => {
    const second = await sealAs(person, sealed, {
      appearance: { personName: '李明远' },
      placement: { kind: 'beside', fieldName: 'Seal1', widthMm: 20 },
    });
    const third = await sealAs(createTestCompany(authority), second, { seam: { at: 0.8 } });
    const report = await verifySeal(third, trust);
    expect(report).toMatchObject({ valid: true, problems: [] });
    expect(report.signatures.map(({ signer }) => signer?.personName)).toEqual([
      undefined,
      '李明远',
      undefined,
    ]);
  });

  it('follows the turn of each page', async () => {
    const document = await PDFDocument.create();
    for (const angle of [0, 90, 180, 270])
      document.addPage([595, 842]).setRotation({ type: 'degrees', angle } as never);
    const pdf = await sealAs(company, await document.save({ useObjectStreams: false }), {
      seam: { at: 0.5 },
    });
    expect(await codes(pdf)).toEqual([]);
  });

  it('is not set on a single page', async () => {
    await expect(sealAs(company, await createTestMaterial(1), { seam: { at: 0.5 } })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });
});

describe('what is seen is refused, though it is signed,', () => {
  it('when nothing was changed it is accepted: the forgery itself is sound', async () => {
    expect(await codes(await forged((text) => text))).toEqual([]);
  });

  it.each<[string, RegExp, string]>([
    ['a strip is moved', /(Stamp\n\/F 196\n\/Rect \[ )\d\d\d/, '$1100'],
    ['a strip is hidden', /\/F 196/, '/F 194'],
    ['a strip is another annotation', /\/Subtype \/Stamp/, '/Subtype /Squar'],
    ['a strip says that it is another one', /(\/NM <[0-9A-F]*0031002F003)3>/, '$12>'],
    ['a strip shows another part', /\/BBox \[ 33\.333 0 66\.667 100 \]/, '/BBox [ 13.333 0 66.667 100 ]'],
    ['the picture would cover what lies below', /\/BM \/Darken/, '/BM /Normal'],
    ['the picture reaches beyond the seal', /\/BBox \[ 0 0 100 100 \]/, '/BBox [ 0 0 999 999 ]'],
    ['the widget is hidden', /\/F 132/, '/F 134'],
  ])('when %s', async (_, pattern, replacement) => {
    const pdf = await forged((text) => {
      expect(text).toMatch(pattern);
      return text.replace(pattern, replacement);
    });
    const found = await codes(pdf);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set(['SEAL_PICTURE_WRONG']));
  });

  it('when a later signer hangs a strip onto the seam of an earlier one', async () => {
    const document = await PDFDocument.load(sealed, { forIncrementalUpdate: true, updateMetadata: false });
    const [strip] = stripsOf(document);
    if (!strip) throw new Error('no strip');
    const page = document.getPage(0);
    page.node.Annots()?.push(document.context.register(strip.clone()));
    const resealed = await sealAs(company, await document.commit({ useObjectStreams: false }));
    expect(await codes(resealed)).toEqual(['CHANGED_BETWEEN_SIGNATURES', 'SEAL_PICTURE_WRONG']);
  });
});
