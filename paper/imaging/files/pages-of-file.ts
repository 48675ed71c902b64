/** Splits a file into pictures, one at a time. */
import { ChildLost } from '#sandbox/child-jobs.ts';
import type { ChildJobs } from '#sandbox/child-jobs.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { decodePicture, dpiOfScan, tiffPagesOf } from './decode.ts';
import type { SourcePicture } from './decode.ts';
import { findFileKind, refusalOf } from './file-kind.ts';
import { defaultPaperSizes } from '../rectify/paper-size.ts';
import type { PdfRefusal } from './pdf-judge.ts';
import type { PdfJob, PdfOpened, PdfPage } from './pdf-worker.ts';

export const maxFileBytes = 50 * 1024 * 1024;
export const maxPages = 300;
/** Opening and painting are bounded so that a page made to hang costs itself only. */
const pdfOpenLimitMs = 30_000;
const pdfPageLimitMs = 30_000;
/** Pages of one document over which a child may be lost; the document as a whole must end too. */
const maxLost = 3;

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
  if (bytes.byteLength > maxFileBytes) throw new AppError('FILE_TOO_LARGE');
  const kind = findFileKind(bytes);
  if (!kind) throw new AppError(refusalOf(bytes));
  if (kind === 'pdf') return openPdf(bytes, pdf, options.paperSizes ?? defaultPaperSizes);
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
  if (total > maxPages) throw new AppError('TOO_MANY_PAGES', { pages: total });
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
      .run<PdfOpened>({ kind: 'open', bytes }, { limitMs: pdfOpenLimitMs })
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
  if (total > maxPages) {
    await pdf.run({ kind: 'close' }, { limitMs: pdfOpenLimitMs });
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
          { limitMs: pdfPageLimitMs },
        );
        if (lacksFonts) throw new AppError('FILE_LACKS_FONTS', { page: index });
        return { picture, source: 'scan', knownSize: size };
      } catch (error) {
        // Of such a document no page can be trusted to show its text.
        if (error instanceof AppError && error.code === 'FILE_LACKS_FONTS') throw error;
        if (error instanceof ChildLost) lost += 1;
        if (lost >= Math.min(maxLost, total))
          throw new AppError('FILE_TOO_COMPLEX', { page: index }, { cause: error });
        // The child may have been replaced: the next page opens the document anew.
        mustReopen = true;
        return undefined;
      }
    },
    close: async () => {
      await pdf.run({ kind: 'close' }, { limitMs: pdfOpenLimitMs }).catch(() => undefined);
    },
  };
}
