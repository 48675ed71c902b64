import {
  AFRelationship,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFString,
  decodePDFRawStream,
} from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';
import { openPdf } from './open-pdf.ts';

export interface MaterialPage {
  jpeg: Uint8Array;
  widthMm: number;
  heightMm: number;
}

export interface Material {
  /** At least one. */
  pages: readonly MaterialPage[];
  /** UTF-8 JSON: fields and marks travel inside the PDF, under the signature. */
  attachment: Uint8Array;
  title: string;
  /** ISO UTC. */
  createdAt: string;
}

export const attachmentName = 'ludeng.json';
const pointsPerMm = 72 / 25.4;

/** Builds a material's PDF: one JPEG a page, unchanged, at the paper's true size. Throws NO_PAGES, FILE_DAMAGED. */
export async function assemblePdf({ pages, attachment, title, createdAt }: Material): Promise<Uint8Array> {
  if (pages.length === 0) throw new AppError('NO_PAGES');
  const created = new Date(createdAt);
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setLanguage('zh-CN');
  document.setCreator('Ludeng');
  document.setProducer('Ludeng');
  document.setCreationDate(created);
  document.setModificationDate(created);
  for (const { jpeg, widthMm, heightMm } of pages) {
    const [width, height] = [widthMm * pointsPerMm, heightMm * pointsPerMm];
    const picture = await document.embedJpg(jpeg).catch((error: unknown) => {
      throw new AppError('FILE_DAMAGED', {}, { cause: error });
    });
    document.addPage([width, height]).drawImage(picture, { x: 0, y: 0, width, height });
  }
  await document.attach(attachment, attachmentName, {
    mimeType: 'application/json',
    description: '填报内容与标记',
    creationDate: created,
    modificationDate: created,
    afRelationship: AFRelationship.Data,
  });
  return document.save({ useObjectStreams: false });
}

/**
 * The bytes of `ludeng.json` inside a PDF, or undefined. Says nothing about who signed it: call `verifySeal` first.
 * Throws FILE_ENCRYPTED, FILE_DAMAGED.
 */
export async function readSealedAttachment(pdf: Uint8Array): Promise<Uint8Array | undefined> {
  const { context, catalog } = await openPdf(pdf);
  const names = catalog.lookup(PDFName.of('Names'));
  const tree = names instanceof PDFDict ? names.lookup(PDFName.of('EmbeddedFiles')) : undefined;
  const list = tree instanceof PDFDict ? tree.lookup(PDFName.of('Names')) : undefined;
  if (!(list instanceof PDFArray)) return undefined;
  for (let index = 0; index + 1 < list.size(); index += 2) {
    const key = list.lookup(index);
    const name = key instanceof PDFHexString || key instanceof PDFString ? key.decodeText() : '';
    const file = list.lookup(index + 1);
    if (name !== attachmentName || !(file instanceof PDFDict)) continue;
    const embedded = file.lookup(PDFName.of('EF'));
    const stream = embedded instanceof PDFDict ? context.lookup(embedded.get(PDFName.of('F'))) : undefined;
    if (stream instanceof PDFRawStream) return decodePDFRawStream(stream).decode();
  }
  return undefined;
}
