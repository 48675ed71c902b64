/** From a file's bytes to straight, upright pages with their quality. */
import type { Point, Quad, QualityIssue } from '#domain/reading/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { encodeJpeg } from '../../imaging/decode.ts';
import type { SourcePicture } from '../../imaging/decode.ts';
import { applyHomography, homography, rectangleQuad, rotateQuad } from '../../imaging/geometry.ts';
import { openPages } from '../../imaging/pages-of-file.ts';
import { A4, DEFAULT_PAPER_SIZES } from '../../imaging/paper-size.ts';
import type { PdfJob } from '../../imaging/pdf-worker.ts';
import type { Picture } from '../../imaging/picture.ts';
import { issuesOf } from '../../imaging/quality.ts';
import type { JobThread } from '../../imaging/thread.ts';
import type { FlatPage, FlattenJob, ImagingJob } from '../../imaging/worker.ts';
import type { PaperSize, StraightPage } from '../../ports/paper-reader.ts';
import { turnUpright } from '../orientation.ts';
import type { Upright } from '../orientation.ts';
import type { Reader } from '../read-page.ts';
import { medianSkewDeg } from '../skew.ts';

export interface OpenDocumentPorts {
  reader: Reader;
  imaging: JobThread<ImagingJob>;
  pdf: JobThread<PdfJob>;
}

export interface OpenDocumentRequest {
  bytes: Uint8Array;
  paperSizes?: readonly PaperSize[];
  corners?: Quad;
  scannedAtDpi?: number;
  /** Throws when the caller has given up. */
  check: () => void;
  onPage: (page: StraightPage, total: number) => void;
}

/** One page's imaging takes a second at most; ten times that means a hung thread. */
const FLATTEN_LIMIT_MS = 20_000;
/** Scans lying this crooked are turned straight; under it nobody sees it, over MAX it is no skew but a design. */
const MIN_SKEW_DEG = 0.35;
const MAX_SKEW_DEG = 8;

/** Pages go out one by one through `onPage`: at no time are two of them held here. */
export async function openDocument(ports: OpenDocumentPorts, request: OpenDocumentRequest): Promise<void> {
  const { bytes, corners, check, onPage } = request;
  const paperSizes = request.paperSizes?.length ? request.paperSizes : DEFAULT_PAPER_SIZES;
  const stream = await openPages(bytes, ports.pdf, request.scannedAtDpi);
  let good = 0;
  try {
    for (let index = 0; index < stream.total; index += 1) {
      check();
      const source = await stream.page(index);
      if (source) good += 1;
      else if (stream.total === 1) throw new AppError('FILE_DAMAGED', { page: index });
      const page = source
        ? await straightPage(ports, source, {
            index,
            paperSizes,
            check,
            ...(corners && stream.total === 1 ? { corners } : {}),
          })
        : await unreadablePage(index);
      onPage(page, stream.total);
    }
  } finally {
    await stream.close();
  }
  if (good === 0) throw new AppError('FILE_DAMAGED');
}

interface PageRequest {
  index: number;
  paperSizes: readonly PaperSize[];
  corners?: Quad;
  check: () => void;
}

async function straightPage(
  ports: OpenDocumentPorts,
  source: SourcePicture,
  request: PageRequest,
): Promise<StraightPage> {
  const { reader, imaging } = ports;
  const { index, paperSizes, check } = request;
  const { picture, knownSize, dpi } = source;
  const flattenAs = (job: Omit<FlattenJob, 'kind' | 'paperSizes' | 'source'>): Promise<FlatPage> =>
    imaging.run<FlatPage>(
      { kind: 'flatten', paperSizes, source: source.source, ...(dpi ? { dpi } : {}), ...job },
      { limitMs: FLATTEN_LIMIT_MS },
    );

  let flat = await flattenAs({
    picture,
    ...(request.corners ? { corners: request.corners } : {}),
    ...(knownSize ? { knownSize } : {}),
  });
  check();
  let upright = await turnUpright(reader, flat.page, check);
  let skewDeg = medianSkewDeg(upright.boxes);
  if (flat.how === 'whole-picture' && Math.abs(skewDeg) > MIN_SKEW_DEG && Math.abs(skewDeg) < MAX_SKEW_DEG) {
    const crooked = turnedRectangle(upright, skewDeg, flat.corners);
    flat = {
      ...(await flattenAs({ picture, corners: crooked, ...(knownSize ? { knownSize } : {}) })),
      how: flat.how,
    };
    check();
    upright = await turnUpright(reader, flat.page, check);
    skewDeg = medianSkewDeg(upright.boxes);
  }
  const isSideways = upright.turns % 2 === 1;
  const { frame } = flat;
  const issues: QualityIssue[] = issuesOf(flat.measures, frame.sourceDpi);
  if (flat.how === 'not-found') issues.push('page-not-found');
  if (flat.cutOff) issues.push('cut-off');
  const isGood = issues.length === 0;
  if (upright.turns === 2) issues.push('upside-down');
  return {
    index,
    jpeg: await encodeJpeg(upright.page, frame.dpi),
    widthPx: upright.page.width,
    heightPx: upright.page.height,
    widthMm: isSideways ? frame.heightMm : frame.widthMm,
    heightMm: isSideways ? frame.widthMm : frame.heightMm,
    dpi: frame.dpi,
    corners: rotateQuad(flat.corners, -upright.turns),
    sourceWidthPx: picture.width,
    sourceHeightPx: picture.height,
    quality: {
      // A page that was turned upright is as good as any other; the issue only says what was done.
      good: isGood,
      issues,
      sharpness: flat.measures.sharpness,
      glareShare: flat.measures.glareShare,
      brightness: flat.measures.brightness,
      skewDeg: Math.round(skewDeg * 100) / 100,
    },
  };
}

/** The rectangle of the page's size, turned about its middle by the skew, in pixels of the source. */
function turnedRectangle({ page, turns }: Upright, skewDeg: number, corners: Quad): Quad {
  // The skew was measured on the upright page; a quarter turn of the page does not change an angle.
  const [w, h] = turns % 2 === 1 ? [page.height, page.width] : [page.width, page.height];
  const angle = (skewDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const turned = rectangleQuad(0, 0, w, h).map(([x, y]): Point => [
    w / 2 + c * (x - w / 2) - s * (y - h / 2),
    h / 2 + s * (x - w / 2) + c * (y - h / 2),
  ]);
  const toSource = homography(rectangleQuad(0, 0, w, h), corners);
  return turned.map((point) => applyHomography(toSource, point)) as Quad;
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
  };
}
