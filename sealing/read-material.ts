/**
 * What a material's PDF holds, believed only when it is, byte for byte, what `assemblePdf` makes of it: then its pages
 * show these pictures, each once and whole, and nothing beside them.
 */
import { inflateSync } from 'node:zlib';
import {
  PDFArray,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFRawStream,
  PDFString,
} from '@cantoo/pdf-lib';
import type { PDFDocument, PDFPage } from '@cantoo/pdf-lib';
import { assembleSheets, attachmentName } from './assemble-pdf.ts';
import type { Sheet } from './assemble-pdf.ts';
import { isOutOfMemory, loadPdf } from './open-pdf.ts';

export interface SealedMaterial {
  /** `ludeng.json`. */
  attachment: Uint8Array;
  /** One a page, in their order. */
  jpegs: Uint8Array[];
}

const maxAttachmentBytes = 16 * 1024 * 1024;

/** `pdf` is the file before its first seal. Undefined when it was not made by us. */
export async function readMaterial(pdf: Uint8Array): Promise<SealedMaterial | undefined> {
  try {
    const document = await loadPdf(pdf);
    const sheets = document.getPages().map(readSheet);
    const attachment = readAttachment(document);
    const again = await assembleSheets({
      sheets,
      attachment,
      title: document.getTitle() ?? '',
      createdAt: (document.getCreationDate() ?? new Date(0)).toISOString(),
    });
    if (Buffer.compare(again, pdf) !== 0) return undefined;
    return { attachment, jpegs: sheets.map(({ jpeg }) => jpeg) };
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    // whatever is not where we put it
    return undefined;
  }
}

function readSheet(page: PDFPage): Sheet {
  const pictures = page.node.Resources()?.lookup(PDFName.of('XObject'), PDFDict);
  const [key, ...more] = pictures?.keys() ?? [];
  if (!pictures || !key || more.length > 0) throw new Error('a page of ours has one picture');
  const picture = pictures.lookup(key);
  if (!(picture instanceof PDFRawStream)) throw new Error('a picture is a stream');
  const [, , width, height] = page.node
    .lookup(PDFName.of('MediaBox'), PDFArray)
    .asArray()
    .map((side) => (side instanceof PDFNumber ? side.asNumber() : Number.NaN));
  return { jpeg: picture.getContents(), width: width ?? Number.NaN, height: height ?? Number.NaN };
}

function readAttachment({ catalog }: PDFDocument): Uint8Array {
  const list = catalog
    .lookup(PDFName.of('Names'), PDFDict)
    .lookup(PDFName.of('EmbeddedFiles'), PDFDict)
    .lookup(PDFName.of('Names'), PDFArray);
  const name = list.lookup(0);
  if (!(name instanceof PDFHexString || name instanceof PDFString) || name.decodeText() !== attachmentName)
    throw new Error(`the one attachment is ${attachmentName}`);
  const stream = list.lookup(1, PDFDict).lookup(PDFName.of('EF'), PDFDict).lookup(PDFName.of('F'));
  if (!(stream instanceof PDFRawStream)) throw new Error('an attachment is a stream');
  return inflateSync(stream.getContents(), { maxOutputLength: maxAttachmentBytes });
}
