import { AFRelationship, PDFDocument } from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';

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
export async function assemblePdf({ pages, ...material }: Material): Promise<Uint8Array> {
  return assembleSheets({
    ...material,
    sheets: pages.map(({ jpeg, widthMm, heightMm }) => ({
      jpeg,
      width: widthMm * pointsPerMm,
      height: heightMm * pointsPerMm,
    })),
  });
}

/** A page in points, as a PDF says it. */
export interface Sheet {
  jpeg: Uint8Array;
  width: number;
  height: number;
}

/**
 * The same input gives the same bytes, always: `read-material.ts` builds a sealed file again and compares. Whoever
 * changes a byte here takes the validity of every seal made before, unless the old way stays beside the new one.
 */
export async function assembleSheets({
  sheets,
  attachment,
  title,
  createdAt,
}: Omit<Material, 'pages'> & { sheets: readonly Sheet[] }): Promise<Uint8Array> {
  if (sheets.length === 0) throw new AppError('NO_PAGES');
  const created = new Date(createdAt);
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setLanguage('zh-CN');
  document.setCreator('Ludeng');
  document.setProducer('Ludeng');
  document.setCreationDate(created);
  document.setModificationDate(created);
  for (const { jpeg, width, height } of sheets) {
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
