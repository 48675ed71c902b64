/** From a file's bytes to straight, upright pages with their quality. */
import type { Quad } from '#domain/reading/schema.ts';
import type { ChildJobs } from '#sandbox/child-jobs.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { encodeJpeg } from '../../imaging/files/decode.ts';
import { rectangleQuad } from '../../imaging/geometry.ts';
import { openPages } from '../../imaging/files/pages-of-file.ts';
import { A4, defaultPaperSizes } from '../../imaging/rectify/paper-size.ts';
import type { PdfJob } from '../../imaging/files/pdf-worker.ts';
import type { Picture } from '../../imaging/picture.ts';
import type { PaperSize, StraightPage } from '../../ports/paper-reader.ts';
import { straightPages } from './straight-pages.ts';
import type { StraightenPorts } from './find-pages.ts';

export interface OpenDocumentPorts extends StraightenPorts {
  pdf: Pick<ChildJobs<PdfJob>, 'run'>;
}

export interface OpenDocumentRequest {
  bytes: Uint8Array;
  paperSizes?: readonly PaperSize[];
  corners?: Quad;
  scannedAtDpi?: number;
  /** The pages are read next. */
  isRead?: boolean;
  /** Throws when the caller has given up. */
  check: () => void;
  /** Awaited before the next page is opened. */
  onPage: (page: StraightPage, total: number) => Promise<void>;
}

/**
 * Pages go out one by one through `onPage`: at no time are two of them held here. One picture may hold several sheets:
 * each is a page, in reading order.
 */
export async function openDocument(ports: OpenDocumentPorts, request: OpenDocumentRequest): Promise<void> {
  const { bytes, corners, check, onPage } = request;
  const paperSizes = request.paperSizes?.length ? request.paperSizes : defaultPaperSizes;
  const stream = await openPages(bytes, ports.pdf, {
    paperSizes,
    ...(request.scannedAtDpi ? { scannedAtDpi: request.scannedAtDpi } : {}),
  });
  let good = 0;
  try {
    for (let index = 0; index < stream.total; index += 1) {
      check();
      const source = await stream.page(index);
      if (!source) {
        if (stream.total === 1) throw new AppError('FILE_DAMAGED', { page: index });
        await onPage(await unreadablePage(index), stream.total);
        continue;
      }
      good += 1;
      // Of many pages each stays one: a blank back must not shift the numbers of those that follow.
      const isOnly = stream.total === 1;
      for await (const { page, count } of straightPages(ports, source, {
        paperSizes,
        isOnly,
        isRead: request.isRead ?? false,
        check,
        ...(corners && isOnly ? { corners } : {}),
      }))
        await onPage({ ...page, index: index + page.index }, isOnly ? count : stream.total);
    }
  } finally {
    await stream.close();
  }
  if (good === 0) throw new AppError('FILE_DAMAGED');
}

/** Stands in for a page that could not be decoded, so that page numbers stay true. */
async function unreadablePage(index: number): Promise<StraightPage> {
  const dpi = 100;
  const width = Math.round((A4.widthMm / 25.4) * dpi);
  const height = Math.round((A4.heightMm / 25.4) * dpi);
  const picture: Picture = { data: new Uint8Array(width * height * 3).fill(255), width, height };
  return {
    index,
    jpeg: await encodeJpeg(picture, dpi),
    widthPx: width,
    heightPx: height,
    ...A4,
    dpi,
    corners: rectangleQuad(0, 0, width, height),
    hasCorners: false,
    sourceWidthPx: width,
    sourceHeightPx: height,
    quality: {
      good: false,
      issues: ['blank', 'page-not-found'],
      sharpness: 0,
      glareShare: 0,
      brightness: 255,
      skewDeg: 0,
    },
    unreadable: true,
  };
}
