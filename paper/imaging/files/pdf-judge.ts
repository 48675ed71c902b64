/** What a PDF is besides pages: an empty shell of a form, a folder of other files; and whether its paper can be believed. */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/types/src/pdf.d.ts';
import { z } from 'zod';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { nearestSize } from '../rectify/paper-size.ts';

export type PdfRefusal = 'encrypted' | 'damaged' | 'empty' | 'form-shell' | 'portfolio';

const infoSchema = z.object({
  info: z
    .object({
      IsAcroFormPresent: z.boolean(),
      IsXFAPresent: z.boolean(),
      IsCollectionPresent: z.boolean(),
    })
    .partial(),
});

/** What programs write on the only page of a form that they alone can show. */
const pleaseWait =
  /please wait|not eventually replaced|upgrade to the latest version|adobe reader|请稍候|请等待|正在加载|无法显示/i;

/** Undefined for a document whose pages are what it says. */
export async function refusalOfPdf(document: PDFDocumentProxy): Promise<PdfRefusal | undefined> {
  if (document.numPages === 0) return 'empty';
  const told = infoSchema.safeParse(await document.getMetadata());
  const info = told.success ? told.data.info : {};
  if (info.IsCollectionPresent) return 'portfolio';
  if (!info.IsXFAPresent) return undefined;
  // An XFA form beside fields of the older kind has pages of its own; without them there is a page that says to wait.
  if (!info.IsAcroFormPresent) return 'form-shell';
  const first = await document.getPage(1);
  return pleaseWait.test(await textOf(first)) ? 'form-shell' : undefined;
}

export async function textOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join('');
}

/** Between these a page's size is believed without a look: an ID card, and A3 with a margin. */
const minSideMm = 84;
const maxSideMm = 430;
/** Nothing that is laid on a counter, whatever is on it. */
const absurdLeastMm = 60;
const absurdMostMm = 1300;
/** A scan of fewer dots an inch cannot be read, and no scanner makes more: the paper was another. */
const minScanDpi = 100;
const maxScanDpi = 700;
/** A page that is a picture does little else. */
const maxOperations = 40;
/** A smaller picture is a sign or a line. */
const minPixels = 10_000;

/**
 * The size of the paper in millimetres. What the file says is a claim: programs that do not know a scan's resolution
 * write 72 dots an inch, or 1200, and a seal of 40 mm would come out as a dot or as wide as the page.
 */
export async function paperOf(
  page: PDFPageProxy,
  sizes: readonly PaperSize[],
  imageOps: ReadonlySet<number>,
): Promise<PaperSize> {
  const { width, height } = page.getViewport({ scale: 1 });
  const mm = (points: number): number => Math.round((points / 72) * 254) / 10;
  const claimed = { widthMm: mm(width), heightMm: mm(height) };
  const long = Math.max(claimed.widthMm, claimed.heightMm);
  if (long >= minSideMm && long <= maxSideMm) return claimed;
  const dpi = await scanDpi(page, width * height, imageOps);
  const isAbsurd =
    dpi === undefined ? long < absurdLeastMm || long > absurdMostMm : dpi < minScanDpi || dpi > maxScanDpi;
  return isAbsurd ? nearestSize(width / height, sizes) : claimed;
}

/** Dots an inch of the picture that covers the page; undefined where none does. */
async function scanDpi(
  page: PDFPageProxy,
  area: number,
  imageOps: ReadonlySet<number>,
): Promise<number | undefined> {
  const { fnArray, argsArray } = await page.getOperatorList();
  let most = 0;
  fnArray.forEach((op, i) => {
    if (!imageOps.has(op)) return;
    const args = argsArray[i] as unknown[];
    // [name, width, height], or one object that holds them.
    const inline = z.object({ width: z.number(), height: z.number() }).safeParse(args[0]);
    const [w, h] = inline.success ? [inline.data.width, inline.data.height] : [args[1], args[2]];
    if (typeof w === 'number' && typeof h === 'number') most = Math.max(most, w * h);
  });
  return most > minPixels && fnArray.length < maxOperations ? Math.sqrt(most / area) * 72 : undefined;
}
