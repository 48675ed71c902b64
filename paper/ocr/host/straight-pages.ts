/** From one decoded picture to the straight, upright pages that lie in it, with their quality. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { isCardSize, joinCards } from '../../imaging/rectify/card-pair.ts';
import { decodePicture, encodeJpeg } from '../../imaging/files/decode.ts';
import type { SourcePicture } from '../../imaging/files/decode.ts';
import { applyHomography, homography, rectangleQuad, rotateQuad } from '../../imaging/geometry.ts';
import type { Picture } from '../../imaging/picture.ts';
import type { PageMeasures } from '../../imaging/quality/quality.ts';
import type { JobThread } from '../../imaging/thread.ts';
import type { FlatPage, ImagingJob } from '../../imaging/worker.ts';
import type { StraightPage } from '../../ports/paper-reader.ts';
import { turnUpright } from '../orientation.ts';
import type { Upright } from '../orientation.ts';
import type { Reader } from '../read-page.ts';
import { heightOf } from '../reading-order.ts';
import { medianSkewDeg } from '../skew.ts';
import { findOrHold, flattenLimitMs } from './find-pages.ts';
import type { Found, StraightenPorts, StraightenRequest } from './find-pages.ts';
import { qualityOfPages } from './page-quality.ts';

/** Scans lying this crooked are turned straight; under it nobody sees it, over MAX it is no skew but a design. */
const minSkewDeg = 0.35;
const maxSkewDeg = 8;

/** Yields at least one page; `count` is how many there will be, `index` counts from 0 within the picture. */
export async function* straightPages(
  ports: StraightenPorts,
  source: SourcePicture,
  request: StraightenRequest,
): AsyncGenerator<{ page: StraightPage; count: number }> {
  const { imaging } = ports;
  const found = await findOrHold(ports, source, request);
  try {
    request.check();
    if (found.length === 2) {
      const pair = [
        await straighten(ports, source, request, found[0] as Found),
        await straighten(ports, source, request, found[1] as Found),
      ] as const;
      if (pair.every(({ flat }) => isCardSize(flat.frame))) {
        yield { page: await joinedPage(pair, source), count: 1 };
        return;
      }
      for (const [index, page] of pair.entries())
        yield { page: await pageOf(ports, page, source, request, index), count: 2 };
      return;
    }
    for (const [index, one] of found.entries()) {
      request.check();
      const page = await straighten(ports, source, request, one);
      yield { page: await pageOf(ports, page, source, request, index), count: found.length };
    }
  } finally {
    await imaging.run({ kind: 'drop' }, { limitMs: flattenLimitMs }).catch(() => undefined);
  }
}

interface Straightened {
  found: Found;
  flat: FlatPage;
  measures: PageMeasures;
  /** Of the upright page. */
  written: () => WrittenPage;
  upright: Upright;
  skewDeg: number;
}

async function straighten(
  { reader, imaging }: StraightenPorts,
  { knownSize, dpi }: SourcePicture,
  { paperSizes, check, isRead = false }: StraightenRequest,
  found: Found,
): Promise<Straightened> {
  let sizes = paperSizes;
  const flattenWith = (corners: Quad): Promise<FlatPage> =>
    imaging.run<FlatPage>(
      {
        kind: 'flatten',
        corners,
        paperSizes: sizes,
        ...(dpi ? { dpi } : {}),
        ...(knownSize && found.how !== 'edges' ? { knownSize } : {}),
      },
      { limitMs: flattenLimitMs },
    );
  let { corners } = found;
  let flat = await flattenWith(corners);
  check();
  let [upright, measures, written] = await lookAt(reader, imaging, flat, check, isRead);
  const larger = paperSizes.filter((size) => !isCardSize(size));
  if (isCardSize(flat.frame) && larger.length > 0 && isSheetText(upright)) {
    sizes = larger;
    flat = await flattenWith(corners);
    check();
    [upright, measures, written] = await lookAt(reader, imaging, flat, check, isRead);
  }
  let skewDeg = medianSkewDeg(upright.boxes);
  if (found.how === 'whole-picture' && Math.abs(skewDeg) > minSkewDeg && Math.abs(skewDeg) < maxSkewDeg) {
    corners = turnedRectangle(upright, skewDeg, corners);
    flat = await flattenWith(corners);
    check();
    [upright, measures, written] = await lookAt(reader, imaging, flat, check, isRead);
    skewDeg = medianSkewDeg(upright.boxes);
  }
  return { found: { ...found, corners }, flat, measures, written, upright, skewDeg };
}

/** No card holds so many lines of such small print (Chinese ID cards: some twelve, none under 2 mm of 54). */
const maxCardLines = 18;
const smallestCardLine = 0.045;

/** The text of a sheet whose outline has a card's shape: a licence of which the frame was found, a receipt. */
function isSheetText({ page, boxes }: Upright): boolean {
  const heights = boxes.map(heightOf).sort((a, b) => a - b);
  const median = heights[Math.floor(heights.length / 2)] ?? 0;
  return heights.length > maxCardLines && median < smallestCardLine * Math.min(page.width, page.height);
}

/** The archive copy, and the picture that whoever opens it sees; what is read is read from there. */
interface WrittenPage {
  jpeg: Promise<Uint8Array>;
  picture?: Promise<Picture>;
}

function writePage(page: Picture, dpi: number, isRead: boolean): WrittenPage {
  const jpeg = encodeJpeg(page, dpi);
  const picture = isRead ? jpeg.then((bytes) => decodePicture(bytes)) : undefined;
  // Awaited later, unless the caller gives up before.
  jpeg.catch(() => undefined);
  picture?.catch(() => undefined);
  return { jpeg, ...(picture ? { picture } : {}) };
}

/** While the reader finds the lines, the imaging thread judges the page, and the page is written as JPEG. */
async function lookAt(
  reader: Reader,
  imaging: JobThread<ImagingJob>,
  { page, frame }: FlatPage,
  check: () => void,
  isRead: boolean,
): Promise<[Upright, PageMeasures, () => WrittenPage]> {
  const measuring = imaging.run<PageMeasures>({ kind: 'measure' }, { limitMs: flattenLimitMs });
  // Awaited below, unless the caller gives up before.
  measuring.catch(() => undefined);
  let early: (WrittenPage & { page: Picture }) | undefined;
  const upright = await turnUpright(reader, page, check, (turned) => {
    early = { page: turned, ...writePage(turned, frame.dpi, isRead) };
  });
  const written = early?.page === upright.page ? early : undefined;
  return [upright, await measuring, () => written ?? writePage(upright.page, frame.dpi, isRead)];
}

async function pageOf(
  { remember }: StraightenPorts,
  straightened: Straightened,
  { picture }: SourcePicture,
  { isOnly }: StraightenRequest,
  index: number,
): Promise<StraightPage> {
  const { found, flat, measures, upright, skewDeg } = straightened;
  const { frame } = flat;
  const written = straightened.written();
  const jpeg = await written.jpeg;
  remember(jpeg, upright.boxes, written.picture);
  const isSideways = upright.turns % 2 === 1;
  return {
    index,
    jpeg,
    widthPx: upright.page.width,
    heightPx: upright.page.height,
    widthMm: isSideways ? frame.heightMm : frame.widthMm,
    heightMm: isSideways ? frame.widthMm : frame.heightMm,
    dpi: frame.dpi,
    corners: rotateQuad(found.corners, -upright.turns),
    hasCorners: isOnly,
    sourceWidthPx: picture.width,
    sourceHeightPx: picture.height,
    quality: {
      ...qualityOfPages([straightened]),
      sharpness: measures.sharpness,
      glareShare: measures.glareShare,
      brightness: measures.brightness,
      skewDeg: Math.round(skewDeg * 100) / 100,
    },
  };
}

/** Front and back of a card, one above the other on an A4 sheet, each in its true size. */
async function joinedPage(pair: readonly Straightened[], { picture }: SourcePicture): Promise<StraightPage> {
  const sheet = await joinCards(pair.map(({ upright }) => upright.page));
  const measures = pair.map((page) => page.measures);
  return {
    index: 0,
    jpeg: await encodeJpeg(sheet.page, sheet.dpi),
    widthPx: sheet.page.width,
    heightPx: sheet.page.height,
    widthMm: sheet.widthMm,
    heightMm: sheet.heightMm,
    dpi: sheet.dpi,
    corners: rectangleQuad(0, 0, picture.width, picture.height),
    hasCorners: false,
    sourceWidthPx: picture.width,
    sourceHeightPx: picture.height,
    quality: {
      ...qualityOfPages(pair),
      sharpness: Math.min(...measures.map(({ sharpness }) => sharpness)),
      glareShare: Math.max(...measures.map(({ glareShare }) => glareShare)),
      brightness: Math.min(...measures.map(({ brightness }) => brightness)),
      skewDeg: 0,
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
