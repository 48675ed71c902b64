/** Judges a straightened page: sharpness, glare, brightness, ink. */
import type { QualityIssue } from '#domain/reading/schema.ts';
import { laplacianVariance } from './laplacian.ts';
import { matOf, withScope } from '../opencv.ts';
import type { Cv, Mat } from '../opencv.ts';
import type { GreyPicture, Picture } from '../picture.ts';
import { channelOf } from '../picture.ts';

/** Variance of the Laplacian over inked tiles at 200 dpi; 10.5 pt text falls under this where strokes run together. */
export const minSharpness = 100;
/** Burnt-out part of the page above which a line of text may be lost. */
export const maxGlareShare = 0.015;
/** Median brightness under which sensor noise rivals thin strokes. */
export const minBrightness = 65;
/** Part of the page covered by ink; a single short line on A4 covers about 0.05 %. */
const minInkShare = 0.0002;
/** Real resolution under which 10.5 pt characters have fewer than 17 pixels. */
export const minSourceDpi = 115;

export interface PageMeasures {
  sharpness: number;
  glareShare: number;
  brightness: number;
  inkShare: number;
}

export function measurePage(cv: Cv, page: Picture, dpi: number): PageMeasures {
  return withScope((bin) => {
    const grey = channelOf(page, 'grey');
    let full = bin(matOf(cv, grey.data, page.width, page.height, 1));
    if (Math.abs(dpi - 200) > 10) {
      const at200 = bin(new cv.Mat());
      const k = 200 / dpi;
      cv.resize(
        full,
        at200,
        new cv.Size(Math.round(page.width * k), Math.round(page.height * k)),
        0,
        0,
        k < 1 ? cv.INTER_AREA : cv.INTER_LINEAR,
      );
      full = at200;
    }
    const small = bin(new cv.Mat());
    cv.resize(
      full,
      small,
      new cv.Size(Math.ceil(full.cols / 4), Math.ceil(full.rows / 4)),
      0,
      0,
      cv.INTER_AREA,
    );
    const brightness = medianOf(small.data);
    return {
      sharpness: inkedVariance({ data: full.data, width: full.cols, height: full.rows }),
      glareShare: glareShareOf(page, brightness),
      brightness,
      inkShare: inkShareOf(cv, small),
    };
  });
}

/** Issues that the page's own pixels show. */
export function issuesOf(measures: PageMeasures, sourceDpi: number): QualityIssue[] {
  const issues: QualityIssue[] = [];
  const isBlank = measures.inkShare < minInkShare;
  if (isBlank) issues.push('blank');
  else if (measures.sharpness < minSharpness) issues.push('blurred');
  if (measures.glareShare > maxGlareShare) issues.push('glare');
  if (measures.brightness < minBrightness) issues.push('too-dark');
  if (sourceDpi < minSourceDpi) issues.push('too-small');
  return issues;
}

const tilePx = 64;
/** Between its darkest and brightest pixel a tile with ink in it spans this much. */
const inkSpan = 60;

/** Variance of the Laplacian over the tiles that hold ink: empty paper must not make a sharp page look blurred. */
export function inkedVariance(grey: GreyPicture): number {
  let total = 0;
  let tiles = 0;
  for (let y = 0; y + tilePx <= grey.height; y += tilePx) {
    for (let x = 0; x + tilePx <= grey.width; x += tilePx) {
      if (!isInked(grey, x, y)) continue;
      total += laplacianVariance(grey, { left: x, top: y, right: x + tilePx, bottom: y + tilePx });
      tiles += 1;
    }
  }
  return tiles === 0 ? 0 : Math.round((total / tiles) * 10) / 10;
}

/** Every second row tells enough. */
function isInked({ data, width }: GreyPicture, left: number, top: number): boolean {
  let low = 255;
  let high = 0;
  for (let y = top; y < top + tilePx; y += 2) {
    for (let k = y * width + left; k < y * width + left + tilePx; k += 1) {
      const value = data[k] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return high - low >= inkSpan;
}

/** A scan's paper is white by design; on a photograph, patches far brighter than the paper are reflections. */
function glareShareOf(page: Picture, brightness: number): number {
  if (brightness > 236) return 0;
  const { data, width, height } = page;
  let burnt = 0;
  let seen = 0;
  for (let y = 2; y < height - 2; y += 4) {
    for (let x = 2; x < width - 2; x += 4) {
      const k = (y * width + x) * 3;
      seen += 1;
      if ((data[k] as number) >= 251 && (data[k + 1] as number) >= 251 && (data[k + 2] as number) >= 251)
        burnt += 1;
    }
  }
  return seen === 0 ? 0 : burnt / seen;
}

/** Pixels well darker than the paper around them, the outer 3 % left out (shadows of the page's own edge). */
function inkShareOf(cv: Cv, small: Mat): number {
  return withScope((bin) => {
    const paper = bin(new cv.Mat());
    cv.blur(small, paper, new cv.Size(41, 41));
    const a = small.data;
    const b = paper.data;
    const { rows, cols } = small;
    const rim = Math.round(Math.min(rows, cols) * 0.03);
    let ink = 0;
    let seen = 0;
    for (let y = rim; y < rows - rim; y += 1) {
      for (let x = rim; x < cols - rim; x += 1) {
        seen += 1;
        if ((a[y * cols + x] as number) < (b[y * cols + x] as number) - 28) ink += 1;
      }
    }
    return seen === 0 ? 0 : ink / seen;
  });
}

function medianOf(data: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] = (counts[value] as number) + 1;
  let left = data.length / 2;
  for (let value = 0; value < 256; value += 1) {
    left -= counts[value] as number;
    if (left <= 0) return value;
  }
  return 255;
}
