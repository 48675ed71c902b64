/** Judges a straightened page: sharpness, glare, brightness, ink. */
import type { QualityIssue } from '#domain/reading/schema.ts';
import { matOf, withBin } from './opencv.ts';
import type { Cv, Mat } from './opencv.ts';
import type { Picture } from './picture.ts';
import { channelOf } from './picture.ts';

/** Variance of the Laplacian over inked tiles at 200 dpi; 10.5 pt text falls under this where strokes run together. */
export const MIN_SHARPNESS = 100;
/** Burnt-out part of the page above which a line of text may be lost. */
export const MAX_GLARE_SHARE = 0.015;
/** Median brightness under which sensor noise rivals thin strokes. */
export const MIN_BRIGHTNESS = 65;
/** Part of the page covered by ink; a single short line on A4 covers about 0.05 %. */
const MIN_INK_SHARE = 0.0002;
/** Real resolution under which 10.5 pt characters have fewer than 17 pixels. */
export const MIN_SOURCE_DPI = 115;

export interface PageMeasures {
  sharpness: number;
  glareShare: number;
  brightness: number;
  inkShare: number;
}

export function measurePage(cv: Cv, page: Picture, dpi: number): PageMeasures {
  return withBin((bin) => {
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
      sharpness: inkedVariance(cv, full),
      glareShare: glareShareOf(page, brightness),
      brightness,
      inkShare: inkShareOf(cv, small),
    };
  });
}

/** Issues that the page's own pixels show. */
export function issuesOf(measures: PageMeasures, sourceDpi: number): QualityIssue[] {
  const issues: QualityIssue[] = [];
  const isBlank = measures.inkShare < MIN_INK_SHARE;
  if (isBlank) issues.push('blank');
  else if (measures.sharpness < MIN_SHARPNESS) issues.push('blurred');
  if (measures.glareShare > MAX_GLARE_SHARE) issues.push('glare');
  if (measures.brightness < MIN_BRIGHTNESS) issues.push('too-dark');
  if (sourceDpi < MIN_SOURCE_DPI) issues.push('too-small');
  return issues;
}

/** Variance of the Laplacian over the 64 px tiles that hold ink: empty paper must not make a sharp page look blurred. */
function inkedVariance(cv: Cv, grey: Mat): number {
  return withBin((bin) => {
    const laplacian = bin(new cv.Mat());
    cv.Laplacian(grey, laplacian, cv.CV_16S, 1);
    const values = laplacian.data16S;
    const pixels = grey.data;
    const width = grey.cols;
    const height = grey.rows;
    const tile = 64;
    let total = 0;
    let tiles = 0;
    for (let y0 = 0; y0 + tile <= height; y0 += tile) {
      for (let x0 = 0; x0 + tile <= width; x0 += tile) {
        let [sum, squares, low, high] = [0, 0, 255, 0];
        for (let y = y0; y < y0 + tile; y += 2) {
          for (let x = x0; x < x0 + tile; x += 1) {
            const v = values[y * width + x] as number;
            const p = pixels[y * width + x] as number;
            sum += v;
            squares += v * v;
            if (p < low) low = p;
            if (p > high) high = p;
          }
        }
        if (high - low < 60) continue;
        const n = (tile * tile) / 2;
        total += squares / n - (sum / n) ** 2;
        tiles += 1;
      }
    }
    return tiles === 0 ? 0 : Math.round((total / tiles) * 10) / 10;
  });
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
  return withBin((bin) => {
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
