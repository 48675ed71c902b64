import { getDocument, GlobalWorkerOptions } from 'pdfjs-dist';
import type { DrawnPage } from './seal-point.ts';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

const mmPerPoint = 25.4 / 72;

export interface OpenPdf {
  readonly pageCount: number;
  /** `page` counts from 1; `heightPx` of the picture, as a screen needs it where nothing is said. */
  draw(page: number, canvas: HTMLCanvasElement, heightPx?: number): Promise<DrawnPage>;
  close(): void;
}

const screenHeightPx = 1600;

/** Takes the bytes over. Throws when they are no PDF. */
export async function openPdf(bytes: ArrayBuffer): Promise<OpenPdf> {
  GlobalWorkerOptions.workerSrc = workerUrl;
  const task = getDocument({ data: bytes, disableAutoFetch: true });
  const document_ = await task.promise;
  return {
    pageCount: document_.numPages,
    async draw(number, canvas, heightPx = screenHeightPx) {
      const page = await document_.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: heightPx / natural.height });
      canvas.width = Math.round(viewport.width);
      canvas.height = Math.round(viewport.height);
      await page.render({ canvas, viewport }).promise;
      return { widthMm: natural.width * mmPerPoint, heightMm: natural.height * mmPerPoint };
    },
    close: () => void task.destroy(),
  };
}
