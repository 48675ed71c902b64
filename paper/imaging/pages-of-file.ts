/** Splits a file into pictures, one at a time. */
import { ChildLost } from '#sandbox/child-jobs.ts';
import type { ChildJobs } from '#sandbox/child-jobs.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { PaperSize } from '../ports/paper-reader.ts';
import { decodePicture, dpiOfScan, tiffPagesOf } from './decode.ts';
import type { SourcePicture } from './decode.ts';
import { findFileKind, refusalOf } from './file-kind.ts';
import { DEFAULT_PAPER_SIZES } from './paper-size.ts';
import type { PdfRefusal } from './pdf-judge.ts';
import type { PdfJob, PdfOpened, PdfPage } from './pdf-worker.ts';

export const MAX_FILE_BYTES = 50 * 1024 * 1024;
export const MAX_PAGES = 300;
/** Opening and painting are bounded so that a page made to hang costs itself only. */
const PDF_OPEN_LIMIT_MS = 30_000;
const PDF_PAGE_LIMIT_MS = 30_000;
/** Pages of one document over which a child may be lost; the document as a whole must end too. */
const MOST_LOST = 3;

export interface PageStream {
  total: number;
  /** Undefined for a page that could not be decoded although others can. */
  page(index: number): Promise<SourcePicture | undefined>;
  close(): Promise<void>;
}

/**
 * `scannedAtDpi` is told for what a scanner delivered; a PDF says its pages' sizes itself, and where that cannot be, they are
 * of `paperSizes`.
 * Throws FILE_TOO_LARGE, FILE_EMPTY, FILE_UNSUPPORTED and its kin, FILE_DAMAGED, FILE_ENCRYPTED, FILE_TOO_COMPLEX, TOO_MANY_PAGES,
 * PICTURE_TOO_LARGE, PICTURE_TOO_SMALL, FILE_FORM_SHELL, FILE_PORTFOLIO, FILE_LACKS_FONTS.
 */
export async function openPages(
  bytes: Uint8Array,
  pdf: Pick<ChildJobs<PdfJob>, 'run'>,
  options: { scannedAtDpi?: number; paperSizes?: readonly PaperSize[] } = {},
): Promise<PageStream> {
  const { scannedAtDpi } = options;
  if (bytes.byteLength > MAX_FILE_BYTES) throw new AppError('FILE_TOO_LARGE');
  const kind = findFileKind(bytes);
  if (!kind) throw new AppError(refusalOf(bytes));
  if (kind === 'pdf') return openPdf(bytes, pdf, options.paperSizes ?? DEFAULT_PAPER_SIZES);
  if (kind === 'tiff') return openTiff(bytes, scannedAtDpi);
  return {
    total: 1,
    page: async () => ({
      picture: await decodePicture(bytes),
      source: scannedAtDpi ? 'scan' : 'photo',
      ...(await knownDpi(bytes, scannedAtDpi)),
    }),
    close: () => Promise.resolve(),
  };
}

async function knownDpi(bytes: Uint8Array, dpi?: number, page?: number): Promise<{ dpi?: number }> {
  return dpi ? { dpi: await dpiOfScan(bytes, dpi, page) } : {};
}

async function openTiff(bytes: Uint8Array, scannedAtDpi?: number): Promise<PageStream> {
  const pages = await tiffPagesOf(bytes);
  const total = pages.length;
  if (total > MAX_PAGES) throw new AppError('TOO_MANY_PAGES', { pages: total });
  return {
    total,
    page: async (index) => {
      try {
        return {
          picture: await decodePicture(bytes, pages[index]),
          source: 'scan',
          ...(await knownDpi(bytes, scannedAtDpi, pages[index])),
        };
      } catch (error) {
        if (total === 1) throw error;
        return undefined;
      }
    },
    close: () => Promise.resolve(),
  };
}

const refusals = {
  encrypted: 'FILE_ENCRYPTED',
  damaged: 'FILE_DAMAGED',
  empty: 'FILE_EMPTY',
  'form-shell': 'FILE_FORM_SHELL',
  portfolio: 'FILE_PORTFOLIO',
} as const satisfies Record<PdfRefusal, ErrorCode>;

async function openPdf(
  bytes: Uint8Array,
  pdf: Pick<ChildJobs<PdfJob>, 'run'>,
  paperSizes: readonly PaperSize[],
): Promise<PageStream> {
  const reopen = async (): Promise<number> => {
    const opened = await pdf
      .run<PdfOpened>({ kind: 'open', bytes }, { limitMs: PDF_OPEN_LIMIT_MS })
      .catch((error: unknown): PdfOpened => {
        throw new AppError(
          error instanceof ChildLost ? 'FILE_TOO_COMPLEX' : 'FILE_DAMAGED',
          {},
          { cause: error },
        );
      });
    if ('pages' in opened) return opened.pages;
    throw new AppError(refusals[opened.refused]);
  };
  const total = await reopen();
  if (total > MAX_PAGES) {
    await pdf.run({ kind: 'close' }, { limitMs: PDF_OPEN_LIMIT_MS });
    throw new AppError('TOO_MANY_PAGES', { pages: total });
  }
  let mustReopen = false;
  let lost = 0;
  return {
    total,
    page: async (index) => {
      try {
        if (mustReopen) await reopen();
        mustReopen = false;
        const { picture, size, lacksFonts } = await pdf.run<PdfPage>(
          { kind: 'paint', page: index, paperSizes },
          { limitMs: PDF_PAGE_LIMIT_MS },
        );
        if (lacksFonts) throw new AppError('FILE_LACKS_FONTS', { page: index });
        return { picture, source: 'scan', knownSize: size };
      } catch (error) {
        // Of such a document no page can be trusted to show its text.
        if (error instanceof AppError && error.code === 'FILE_LACKS_FONTS') throw error;
        if (error instanceof ChildLost) lost += 1;
        if (lost >= Math.min(MOST_LOST, total))
          throw new AppError('FILE_TOO_COMPLEX', { page: index }, { cause: error });
        // The child may have been replaced: the next page opens the document anew.
        mustReopen = true;
        return undefined;
      }
    },
    close: async () => {
      await pdf.run({ kind: 'close' }, { limitMs: PDF_OPEN_LIMIT_MS }).catch(() => undefined);
    },
  };
}
