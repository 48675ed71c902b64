/**
 * What somebody with a trusted key of their own can do to a paper that a company has sealed: change it, and seal it
 * again. Each forgery here was accepted by a verifier that looked for objects in the bytes; viewers show all of them.
 */
import { PDFDocument, PDFName } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { appendRevision, bodyOf, lastXref, sealBlindly } from '#tests/support/forged-revisions.ts';
import type { ForgedRevision } from '#tests/support/forged-revisions.ts';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
  testMoment,
} from '#tests/support/sealed-material.ts';
import { inspectPdf } from './inspect-pdf.ts';
import { verifyMaterial } from './verify-seal.ts';

const authority = createTestAuthority();
const company = createTestCompany(authority);
const person = createTestCompany(authority, {
  subject: { companyName: '王芳', creditCode: '91530100MA6K1234X5' },
  serialNumber: Uint8Array.of(9),
});
const trust = { trustAnchors: [authority.certificateDer], at: testMoment };
let material: Uint8Array;
let sealed: Uint8Array;

beforeAll(async () => {
  material = await createTestMaterial(2);
  sealed = await sealAs(company, material);
});

const judge = async (pdf: Uint8Array): Promise<string[]> => {
  const { report } = await verifyMaterial(pdf, trust);
  expect(report.valid).toBe(report.problems.length === 0);
  return report.problems.map(({ code }) => code);
};

// of the material above: see `assemble-pdf.ts`
const [pagesNumber, catalogNumber, infoNumber, firstPage, secondPage] = [1, 2, 3, 6, 9];
const free = 40; // no object has this number

it('takes a second seal upon the first: what the forgeries below are built with is sound', async () => {
  expect(await judge(await sealBlindly(person, sealed))).toEqual([]);
});

describe('after a seal, and before another,', () => {
  const redPage = (): ForgedRevision['objects'] => [
    { number: free, body: '<< /Length 26 >>\nstream\n1 0 0 rg 0 0 600 800 re f \nendstream' },
    {
      number: free + 1,
      body: bodyOf(sealed, firstPage).replace(/\/Contents \[[^\]]*\]/, `/Contents ${free} 0 R`),
    },
  ];
  const cases: [name: string, revision: () => ForgedRevision][] = [
    [
      'another root with other pages',
      () => ({
        objects: [
          ...(redPage() ?? []),
          { number: free + 2, body: `<< /Type /Pages /Kids [ ${free + 1} 0 R ] /Count 1 >>` },
          {
            number: free + 3,
            body: bodyOf(sealed, catalogNumber).replace('/Pages 1 0 R', `/Pages ${free + 2} 0 R`),
          },
        ],
        trailer: { Root: `${free + 3} 0 R` },
      }),
    ],
    [
      'another root with other attachments',
      () => ({
        objects: [
          { number: free, body: '<< /EmbeddedFiles << /Names [ ] >> >>' },
          {
            number: free + 1,
            body: bodyOf(sealed, catalogNumber).replace(/\/Names <<[\s\S]*?>>\n>>/, `/Names ${free} 0 R`),
          },
        ],
        trailer: { Root: `${free + 1} 0 R` },
      }),
    ],
    [
      'an object that the table alone knows',
      () => ({
        objects: [
          {
            number: free,
            body: `<< /Length 60 >>\nstream\n${`${secondPage} 0 obj << /Type /Page /Parent 1 0 R >> endobj`.padEnd(60)}\nendstream`,
          },
        ],
        pointing: [{ number: secondPage, at: `${secondPage} 0 obj << /Type` }],
      }),
    ],
    ['a page that the table frees', () => ({ free: [secondPage] })],
    ['the signature freed', () => ({ free: [14] })],
    [
      'a page of generation 1',
      () => ({
        objects: [{ number: secondPage, generation: 1, body: '<< /Type /Page /Parent 1 0 R >>' }],
      }),
    ],
    [
      'an object that no table lists',
      () => ({ objects: [{ number: free, body: '<< /A 1 >>', listed: false }] }),
    ],
    [
      'an object twice in one revision',
      () => ({
        objects: [
          { number: free, body: '<< /A 1 >>' },
          { number: free, body: '<< /A 2 >>' },
        ],
      }),
    ],
    ['a chain that goes past the first seal', () => ({ trailer: { Prev: String(lastXref(material)) } })],
    ['a chain without an end', () => ({ trailer: { Prev: String(sealed.length + 1) } })],
    ['no chain', () => ({ trailer: { Prev: undefined } })],
    ['another information dictionary', () => ({ trailer: { Info: `${catalogNumber} 0 R` } })],
    ['an identity', () => ({ trailer: { ID: '[ <00> <00> ]' } })],
    ['a second table in a stream', () => ({ trailer: { XRefStm: '20' } })],
    ['a key that stands twice', () => ({ trailer: { Root: '2 0 R /Root 9 0 R' } })],
    ['an empty revision', () => ({})],
    ['a comment', () => ({ before: '\n%1 0 obj\n' })],
    ['other words', () => ({ before: '\nshow this\n' })],
    [
      'an object stream',
      () => ({
        objects: [
          {
            number: free,
            body: `<< /Type /ObjStm /N 1 /First 4 /Length 40 >>\nstream\n${`${secondPage} 0 << /Type /Page /Parent 1 0 R >>`.padEnd(40)}\nendstream`,
          },
        ],
      }),
    ],
    [
      'a page whose picture is another',
      () => replaced(firstPage, /\/Image-\d+ \d+ 0 R/, `/Image-1 ${free} 0 R`),
    ],
    ['a page with other content', () => replaced(firstPage, /\/Contents \[[^\]]*\]/, '/Contents [ ]')],
    ['a page of another size', () => replaced(firstPage, /\/MediaBox \[ 0 0 \d+/, '/MediaBox [ 0 0 100')],
    ['a page that is cut', () => replaced(firstPage, '/Annots', '/CropBox [ 0 0 9 9 ]\n/Annots')],
    ['a page that is turned', () => replaced(firstPage, '/Annots', '/Rotate 180\n/Annots')],
    ['a page with actions', () => replaced(firstPage, '/Annots', '/AA << >>\n/Annots')],
    ['a page more', () => replaced(pagesNumber, /\/Kids \[[^\]]*\]/, `/Kids [ 6 0 R 9 0 R 6 0 R ]`)],
    ['a page less', () => replaced(pagesNumber, /\/Kids \[[^\]]*\]/, '/Kids [ 6 0 R ]')],
    [
      'a script',
      () => replaced(catalogNumber, '/AF', '/OpenAction << /S /JavaScript /JS (app.beep) >>\n/AF'),
    ],
    ['layers', () => replaced(catalogNumber, '/AF', '/OCProperties << /D << >> /OCGs [ ] >>\n/AF')],
    ['another title', () => replaced(infoNumber, /\/Title <[^>]*>/, '/Title (x)')],
    [
      'an annotation over the paper',
      () => annotated('/Subtype /FreeText /Rect [ 0 0 600 800 ] /Contents (x)'),
    ],
    ['a field of text', () => annotated('/Subtype /Widget /FT /Tx /T (a) /Rect [ 0 0 600 800 ] /V (x)')],
  ];
  const replaced = (number: number, from: string | RegExp, to: string): ForgedRevision => {
    const body = bodyOf(sealed, number);
    const changed = body.replace(from, to);
    expect(changed).not.toBe(body);
    return { objects: [{ number, body: changed }] };
  };
  const annotated = (what: string): ForgedRevision => ({
    objects: [
      { number: free, body: `<< /Type /Annot ${what} >>` },
      { number: firstPage, body: bodyOf(sealed, firstPage).replace('/Annots [', `/Annots [ ${free} 0 R`) },
    ],
  });

  it.each(cases)('%s is refused', async (_, revision) => {
    const forged = await sealBlindly(person, appendRevision(sealed, revision()));
    const codes = await judge(forged);
    expect(codes).not.toEqual([]);
    // its own reason, not one of the certificates
    expect(codes.join(' ')).toMatch(
      /STRUCTURE|XREF|OBJECT|ROOT|IDENTITY|REVISION|CHANGED|COMPLEX|NOT_A_PDF|BYTES_AFTER/,
    );
    // and without the second seal
    expect(await judge(appendRevision(sealed, revision()))).not.toEqual([]);
  });
});

describe('in the revision of the second seal itself,', () => {
  it.each<[string, (document: PDFDocument) => void]>([
    [
      'a page painted over',
      (document) => document.getPage(1).drawRectangle({ x: 0, y: 0, width: 500, height: 500 }),
    ],
    ['a page turned', (document) => document.getPage(1).setRotation({ type: 'degrees', angle: 90 } as never)],
    ['a script', (document) => document.addJavaScript('a', 'app.beep()')],
    ['an attachment', (document) => void document.attach(Buffer.from('x'), 'x.txt')],
    ['a page more', (document) => void document.addPage()],
    [
      'an object that nothing names',
      (document) => void document.context.register(document.context.obj({ A: 1 })),
    ],
    ['another title', (document) => document.setTitle('x')],
    [
      'a widget that is hidden',
      (document) => document.catalog.set(PDFName.of('Perms'), document.context.obj({})),
    ],
  ])('%s is refused', async (_, change) => {
    const forged = await sealBlindly(person, sealed, { change });
    expect((await judge(forged)).join(' ')).toMatch(/REVISION_WRONG|CHANGED_BETWEEN_SIGNATURES/);
  });

  it('bytes behind the picture of a seal, and the name of another seal, are refused', async () => {
    expect(await judge(await sealBlindly(person, sealed, { fieldName: 'Seal1' }))).toContain(
      'REVISION_WRONG',
    );
  });
});

describe('before the first seal,', () => {
  const noMaterial = async (pdf: Uint8Array): Promise<void> => {
    const { report, material: read } = await verifyMaterial(await sealBlindly(company, pdf), trust);
    expect(report.valid && read !== undefined).toBe(false);
  };
  const edited = async (edit: (document: PDFDocument) => void | Promise<void>): Promise<Uint8Array> => {
    const document = await PDFDocument.load(material, { updateMetadata: false });
    await edit(document);
    return document.save({ useObjectStreams: false });
  };

  it('the pages are those that the product assembles, and are read from there', async () => {
    const { material: read } = await inspectPdf(sealed);
    expect(read?.pictureShas).toHaveLength(2);
    const twice = await inspectPdf(await sealBlindly(person, sealed));
    expect(twice.material?.pictureShas).toEqual(read?.pictureShas);
    expect(Buffer.from(twice.material?.attachment ?? [])).toEqual(Buffer.from(read?.attachment ?? []));
  });

  it.each<[string, (document: PDFDocument) => void | Promise<void>]>([
    [
      'a page that paints red and only names the picture',
      (document) => {
        const { context } = document;
        const paint = context.register(context.flateStream('1 0 0 rg 0 0 600 900 re f'));
        document.getPage(0).node.set(PDFName.of('Contents'), context.obj([paint]));
      },
    ],
    ['words over the picture', (document) => document.getPage(0).drawText('x', { x: 50, y: 50 })],
    [
      'a second picture upon the first',
      async (document) => {
        const jpeg = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#f00' } })
          .jpeg()
          .toBuffer();
        document.getPage(0).drawImage(await document.embedJpg(jpeg), { x: 0, y: 0, width: 500, height: 500 });
      },
    ],
    [
      'a page turned',
      (document) => document.getPage(0).setRotation({ type: 'degrees', angle: 180 } as never),
    ],
    ['a page cut', (document) => document.getPage(0).setCropBox(0, 0, 200, 200)],
    ['a page more', (document) => void document.addPage()],
    ['a script', (document) => document.addJavaScript('a', 'app.beep()')],
    ['nothing but another writing', (document) => document.setProducer('Other')],
  ])('%s is not taken for a material', async (_, edit) => {
    await noMaterial(await edited(edit));
  });

  it('an object hidden for later, a hole in the table, bytes before the header are refused', async () => {
    const hidden = appendRevision(material, { objects: [{ number: free, body: '<< >>', listed: false }] });
    expect(await judge(await sealBlindly(company, hidden))).toContain('OBJECT_UNLISTED');
    const dangling = appendRevision(material, {
      objects: [
        { number: firstPage, body: bodyOf(material, firstPage).replace('/Annots [ ]', '/Annots [ 13 0 R ]') },
      ],
    });
    expect(await judge(await sealBlindly(company, dangling))).toContain('XREF_WRONG');
    const late = Buffer.concat([Buffer.from('\n'), material]);
    expect(await judge(await sealBlindly(company, late))).not.toEqual([]);
  });
});
