/** The PDF child: opens one document at a time and paints one page at a time. Whose PDF it is, nobody knows. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/types/src/pdf.d.ts';
import { z } from 'zod';
import { serveJobs } from '#sandbox/serve-jobs.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { drawFieldValues } from './pdf-fields.ts';
import { paperOf, refusalOfPdf, textOf } from './pdf-judge.ts';
import type { PdfRefusal } from './pdf-judge.ts';
import type { Picture } from '../picture.ts';

export type PdfJob =
  | { kind: 'open'; bytes: Uint8Array }
  | { kind: 'paint'; page: number; paperSizes: readonly PaperSize[] }
  | { kind: 'close' };
export type PdfOpened = { pages: number } | { refused: PdfRefusal };
export interface PdfPage {
  picture: Picture;
  size: PaperSize;
  /** Chinese text in a font that the file does not bring and this machine does not have: the page lacks it. */
  lacksFonts: boolean;
}

interface CanvasFactory {
  create(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D };
  destroy(pair: { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D }): void;
}

const paperDpi = 200;
/** Pages the size of a card get more dots; nothing gets more than a full A3 page at 200 dpi. */
const cardDpi = 300;
const maxPixels = 8_000_000;

async function serve(): Promise<void> {
  const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const home = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const folder = (name: string): string => `${join(home, name)}/`;
  const { OPS } = pdfjs;
  const imageOps = new Set([OPS.paintImageXObject, OPS.paintInlineImageXObject, OPS.paintImageMaskXObject]);
  let open: PDFDocumentProxy | undefined;

  async function handle(job: PdfJob): Promise<PdfOpened | PdfPage | undefined> {
    if (job.kind === 'paint') return paint(open as PDFDocumentProxy, job, imageOps);
    await open?.loadingTask.destroy();
    open = undefined;
    if (job.kind === 'close') return undefined;
    try {
      open = await pdfjs.getDocument({
        data: new Uint8Array(job.bytes), // not a Buffer, and pdf.js takes it over
        cMapUrl: folder('cmaps'),
        cMapPacked: true,
        standardFontDataUrl: folder('standard_fonts'),
        wasmUrl: folder('wasm'),
        iccUrl: folder('iccs'),
        useSystemFonts: true,
        disableFontFace: true,
        stopAtErrors: false,
        verbosity: 0,
      }).promise;
      const refused = await refusalOfPdf(open);
      return refused ? { refused } : { pages: open.numPages };
    } catch (error) {
      return {
        refused: error instanceof Error && error.name === 'PasswordException' ? 'encrypted' : 'damaged',
      };
    }
  }

  serveJobs<PdfJob>(handle);
}

async function paint(
  document: PDFDocumentProxy,
  { page: index, paperSizes }: Extract<PdfJob, { kind: 'paint' }>,
  imageOps: ReadonlySet<number>,
): Promise<PdfPage> {
  const page = await document.getPage(index + 1);
  try {
    const { width, height } = page.getViewport({ scale: 1 });
    const size = await paperOf(page, paperSizes, imageOps);
    const wanted = Math.max(size.widthMm, size.heightMm) < 130 ? cardDpi : paperDpi;
    const dotsPerPoint = ((size.widthMm / 25.4) * wanted) / width;
    const scale = Math.min(dotsPerPoint, Math.sqrt(maxPixels / (width * height)));
    const viewport = page.getViewport({ scale });
    // pdf.js brings its own canvas (Skia) and declares it with a browser's types.
    const factory = document.canvasFactory as CanvasFactory;
    const { canvas, context } = factory.create(
      Math.max(1, Math.round(viewport.width)),
      Math.max(1, Math.round(viewport.height)),
    );
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    await page.render({ canvas, canvasContext: context, viewport }).promise;
    const values = await drawFieldValues(page, context, viewport);
    const needsHanzi = hanziPattern.test(values) || needsSystemHanzi(page, await textOf(page));
    const lacksFonts = needsHanzi && !drawsHanzi(factory);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const rgb = new Uint8Array(canvas.width * canvas.height * 3);
    for (let i = 0, k = 0; i < data.length; i += 4, k += 3) {
      rgb[k] = data[i] as number;
      rgb[k + 1] = data[i + 1] as number;
      rgb[k + 2] = data[i + 2] as number;
    }
    const picture = { data: rgb, width: canvas.width, height: canvas.height };
    factory.destroy({ canvas, context });
    return { picture, size, lacksFonts };
  } finally {
    page.cleanup();
  }
}

const hanziPattern = /\p{Script=Han}/u;

/** A font that the file does not bring, for text that holds hanzi. */
function needsSystemHanzi(page: PDFPageProxy, text: string): boolean {
  if (!hanziPattern.test(text)) return false;
  const fonts = z.object({ missingFile: z.boolean() });
  return [...page.commonObjs].some(([, object]) => fonts.safeParse(object).data?.missingFile);
}

/** Whether this machine has a font with hanzi: without one, any two of them are the same empty box. */
function drawsHanzi(factory: CanvasFactory): boolean {
  const [a, b] = ['永', '国'].map((hanzi) => {
    const { canvas, context } = factory.create(32, 32);
    context.font = '28px sans-serif';
    context.fillText(hanzi, 2, 28);
    const { data } = context.getImageData(0, 0, 32, 32);
    const drawn = Buffer.from(data).toString('base64');
    factory.destroy({ canvas, context });
    return drawn;
  });
  return a !== b;
}

await serve();
