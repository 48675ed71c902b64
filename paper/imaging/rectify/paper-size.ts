/** From the shape in the picture to a paper size and a number of dots per inch. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { distance, trueAspect } from '../geometry.ts';

export const A4: PaperSize = { widthMm: 210, heightMm: 297 };
export const A3: PaperSize = { widthMm: 297, heightMm: 420 };
/** ISO/IEC 7810 ID-1. */
export const ID_1: PaperSize = { widthMm: 85.6, heightMm: 54 };
/** A3 has A4's shape, so a picture alone never tells them apart: the first of equals wins. */
export const defaultPaperSizes: readonly PaperSize[] = [A4, ID_1, A3];

/** DA/T 31-2017 9.4 asks for 200 dpi at least; more than 254 adds bytes but no legible detail from 8 MP cameras. */
const minDpi = 200;
const maxDpi = 254;
/** Cards carry 2 mm letters; their pages stay small even at 400 dpi. */
const maxCardDpi = 400;
const cardLongSideMm = 130;
/** Beyond this difference of log aspect no candidate is believed: 12 %, half way between A4 and ID-1. */
const maxAspectGap = 0.12;
/** Shapes closer than this (log aspect) are the same to the eye: A4 and A3 differ by 0.0001, rounding. */
const sameShape = 0.01;
/** No straightened page is larger than this: A3 at 254 dpi. */
const maxPagePixels = 13_000_000;

export interface PageFrame {
  widthMm: number;
  heightMm: number;
  widthPx: number;
  heightPx: number;
  dpi: number;
  /** Dots per inch that the source really had; may lie under `dpi`. */
  sourceDpi: number;
}

/** Picks the candidate whose shape is nearest, both ways up; an unknown shape gets the area of A4. */
export function framePage(
  quad: Quad,
  picture: { width: number; height: number },
  sizes: readonly PaperSize[],
): PageFrame {
  const aspect = trueAspect(quad, picture.width, picture.height);
  return frameOf(nearestSize(aspect, sizes), quad);
}

/** The same for a page whose size in millimetres is known, as in a PDF. */
export function frameOf({ widthMm, heightMm }: PaperSize, quad: Quad): PageFrame {
  const [tl, tr, br, bl] = quad;
  const acrossPx = (distance(tl, tr) + distance(bl, br)) / 2;
  const downPx = (distance(tl, bl) + distance(tr, br)) / 2;
  const sourceDpi = Math.round(Math.sqrt((acrossPx / widthMm) * (downPx / heightMm)) * 25.4);
  const most = Math.max(widthMm, heightMm) < cardLongSideMm ? maxCardDpi : maxDpi;
  const fits = Math.sqrt(maxPagePixels / ((widthMm / 25.4) * (heightMm / 25.4)));
  const dpi = Math.floor(Math.min(fits, Math.max(minDpi, Math.min(most, sourceDpi))));
  return {
    widthMm,
    heightMm,
    widthPx: Math.max(32, Math.round((widthMm / 25.4) * dpi)),
    heightPx: Math.max(32, Math.round((heightMm / 25.4) * dpi)),
    dpi,
    sourceDpi,
  };
}

/** The size of a shape in a picture whose resolution is known. */
export function sizeAt(dpi: number, [tl, tr, br, bl]: Quad): PaperSize {
  const mm = (px: number): number => Math.max(1, round1((px / dpi) * 25.4));
  return {
    widthMm: mm((distance(tl, tr) + distance(bl, br)) / 2),
    heightMm: mm((distance(tl, bl) + distance(tr, br)) / 2),
  };
}

/** `aspect` is width : height as seen. */
export function nearestSize(aspect: number, sizes: readonly PaperSize[]): PaperSize {
  const target = Math.log(aspect);
  let best: PaperSize | undefined;
  let bestGap = maxAspectGap + sameShape;
  for (const size of sizes) {
    const own = Math.log(size.widthMm / size.heightMm);
    for (const [gap, turned] of [
      [Math.abs(target - own), false],
      [Math.abs(target + own), true],
    ] as const) {
      if (gap < bestGap - sameShape) {
        bestGap = gap;
        best = turned ? { widthMm: size.heightMm, heightMm: size.widthMm } : { ...size };
      }
    }
  }
  if (best) return best;
  const area = A4.widthMm * A4.heightMm;
  const heightMm = Math.sqrt(area / aspect);
  return { widthMm: round1(heightMm * aspect), heightMm: round1(heightMm) };
}

const round1 = (mm: number): number => Math.round(mm * 10) / 10;
