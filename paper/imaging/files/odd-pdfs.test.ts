/** PDFs that are no paper, or say a wrong size of it, painted by the real child process. */
import { PDFDict, PDFDocument, PDFHexString, PDFName, PDFString, StandardFonts } from '@cantoo/pdf-lib';
import { afterAll, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { openPages } from './pages-of-file.ts';
import { createPdfChild } from './pdf-child.ts';
import type { Picture } from '../picture.ts';

const pdf = createPdfChild();
afterAll(() => pdf.close());

async function firstPage(
  bytes: Uint8Array,
  paperSizes?: PaperSize[],
): Promise<{ picture: Picture; size: PaperSize | undefined }> {
  const stream = await openPages(bytes, pdf, paperSizes ? { paperSizes } : {});
  const page = await stream.page(0);
  await stream.close();
  if (!page) throw new Error('no page came back');
  return { picture: page.picture, size: page.knownSize };
}

const codeOf = (bytes: Uint8Array): Promise<string | undefined> =>
  firstPage(bytes).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );

/** A page that is one picture of so many pixels, on a page of so many points. */
async function scanOn(
  [widthPx, heightPx]: [number, number],
  [width, height]: [number, number],
): Promise<Uint8Array> {
  const png = await sharp({
    create: { width: widthPx, height: heightPx, channels: 3, background: '#f0f0f0' },
  })
    .png()
    .toBuffer();
  const document = await PDFDocument.create();
  document.addPage([width, height]).drawImage(await document.embedPng(png), { x: 0, y: 0, width, height });
  return document.save();
}

/** Dark pixels within a rectangle given in parts of the page. */
function inkIn({ data, width, height }: Picture, [x0, y0, x1, y1]: readonly number[]): number {
  let ink = 0;
  for (let y = Math.round((y0 ?? 0) * height); y < (y1 ?? 1) * height; y += 1)
    for (let x = Math.round((x0 ?? 0) * width); x < (x1 ?? 1) * width; x += 1)
      if ((data[3 * (y * width + x)] as number) < 110) ink += 1;
  return ink;
}

describe('the size of a scan is a claim', () => {
  const a4 = { widthMm: 210, heightMm: 297 };
  test.each<[string, [number, number], [number, number], PaperSize]>([
    ['72 dots an inch', [2480, 3508], [2480, 3508], a4],
    ['72, lying', [3508, 2480], [3508, 2480], { widthMm: 297, heightMm: 210 }],
    ['72, from 200', [1654, 2339], [1654, 2339], a4],
    ['1200 dots an inch', [2480, 3508], [148.8, 210.48], a4],
    ['its true size', [2480, 3508], [595.28, 841.89], a4],
    ['A1 at 150 dots an inch', [3508, 4967], [1684, 2384], { widthMm: 594.1, heightMm: 841 }],
  ])('%s', async (_, pixels, points, size) => {
    expect((await firstPage(await scanOn(pixels, points))).size).toEqual(size);
  });

  test('the size is that of the document type, and no detail is lost', async () => {
    const a3 = { widthMm: 297, heightMm: 420 };
    const { picture, size } = await firstPage(await scanOn([2480, 3508], [148.8, 210.48]), [a3]);
    expect(size).toEqual(a3);
    expect(picture.width).toBeGreaterThan(2300);
  });
});

describe('a document whose pages are not what it says', () => {
  const shell = async (options: { fields?: boolean; text?: string }): Promise<Uint8Array> => {
    const document = await PDFDocument.create();
    const font = await document.embedFont(StandardFonts.Helvetica);
    document.addPage().drawText(options.text ?? 'Please wait...', { x: 50, y: 700, font });
    if (options.fields) document.getForm().createTextField('name').addToPage(document.getPage(0));
    const xfa = document.context.register(
      document.context.stream('<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"/>'),
    );
    const form =
      document.catalog.lookupMaybe(PDFName.of('AcroForm'), PDFDict) ?? document.context.obj({ Fields: [] });
    form.set(PDFName.of('XFA'), xfa);
    document.catalog.set(PDFName.of('AcroForm'), form);
    // The library takes XFA away when it draws fields anew.
    return document.save({ updateFieldAppearances: false });
  };

  test('is a form that one program alone can show', async () => {
    expect(await codeOf(await shell({}))).toBe('FILE_FORM_SHELL');
    expect(await codeOf(await shell({ fields: true }))).toBe('FILE_FORM_SHELL');
  });

  test('is none with an XFA form beside pages and fields of its own', async () => {
    expect(await codeOf(await shell({ fields: true, text: 'Registration form' }))).toBeUndefined();
  });

  test('is the cover of a portfolio', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    await document.attach(new Uint8Array([1, 2, 3]), 'inside.pdf', { mimeType: 'application/pdf' });
    expect(await codeOf(await document.save())).toBeUndefined();
    document.catalog.set(PDFName.of('Collection'), document.context.obj({ Type: 'Collection', View: 'D' }));
    expect(await codeOf(await document.save())).toBe('FILE_PORTFOLIO');
  });
});

describe('a filled field without an appearance', () => {
  const place = [0.3, 0.1, 0.9, 0.16];
  const form = async (
    value: PDFString | PDFHexString,
    { needAppearances = false, flags = 4 } = {},
  ): Promise<Uint8Array> => {
    const document = await PDFDocument.create();
    const page = document.addPage([600, 800]);
    const { context } = document;
    const field = context.register(
      context.obj({
        Type: 'Annot',
        Subtype: 'Widget',
        FT: 'Tx',
        F: flags,
        Rect: [180, 680, 540, 710],
      }),
    );
    const dict = context.lookup(field, PDFDict);
    dict.set(PDFName.of('T'), PDFString.of('name'));
    dict.set(PDFName.of('V'), value);
    dict.set(PDFName.of('DA'), PDFString.of('/Helv 14 Tf 0 g'));
    page.node.set(PDFName.of('Annots'), context.obj([field]));
    document.catalog.set(
      PDFName.of('AcroForm'),
      context.obj({ Fields: [field], NeedAppearances: needAppearances }),
    );
    return document.save();
  };

  test.each([
    ['of letters', PDFString.of('D221047365'), false],
    ['of hanzi', PDFHexString.fromText('辽宁沈北建设工程有限公司'), false],
    ['that asks the viewer for one', PDFString.of('D221047365'), true],
    ['of hanzi that asks the viewer for one', PDFHexString.fromText('辽宁沈北建设'), true],
  ])('%s shows its value', async (_, value, needAppearances) => {
    const shown = await firstPage(await form(value, { needAppearances })).then(
      ({ picture }) => inkIn(picture, place),
      (error: { code?: string }) => error.code,
    );
    // A machine without a Chinese font says so, and shows no page that lacks its text.
    const lacks = value instanceof PDFHexString && shown === 'FILE_LACKS_FONTS';
    if (!lacks) expect(shown).toBeGreaterThan(300);
  });

  test('that is hidden stays hidden', async () => {
    const { picture } = await firstPage(await form(PDFString.of('D221047365'), { flags: 2 }));
    expect(inkIn(picture, place)).toBe(0);
  });
});
