/** Finds the page in a picture: proposes quads, scores them, sharpens the best; knows a scan that is all page. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { PaperSize } from '../ports/paper-reader.ts';
import { refineCorners } from './corner-refine.ts';
import { distance, rectangleQuad } from './geometry.ts';
import { matOf, withBin } from './opencv.ts';
import type { Bin, Cv, Mat } from './opencv.ts';
import { borderColours, proposeQuads } from './page-candidates.ts';
import { ACCEPT_SCORE, scoreQuad } from './page-score.ts';
import type { QuadScore } from './page-score.ts';
import type { GreyPicture, Picture } from './picture.ts';
import { channelOf } from './picture.ts';

/** Where the picture comes from: a scanner's pages (PDF, TIFF) fill the picture unless a desk shows. */
export type SourceKind = 'scan' | 'photo';

export interface FoundPage {
  corners: Quad;
  how: 'edges' | 'whole-picture' | 'not-found';
  /** A corner lies at the picture's border although the page does not fill the picture. */
  cutOff: boolean;
  score: number;
}

export interface FindOptions {
  paperSizes: readonly PaperSize[];
  source: SourceKind;
  /** Long side at which the search runs; 800 for pages, less for previews. */
  searchPx: number;
  /** Refine at full size; previews go without. */
  refine: boolean;
}

export function findPage(cv: Cv, picture: Picture, options: FindOptions): FoundPage {
  const whole = rectangleQuad(0, 0, picture.width, picture.height);
  return withBin((bin) => {
    const { labMat, lab, scale } = smallLab(cv, bin, picture, options.searchPx);
    const paperRim = hasPaperRim(lab);
    // A scan's rim is paper: the search is spared.
    if (paperRim && (options.source === 'scan' || hasPaperShape(picture, options.paperSizes))) {
      return { corners: whole, how: 'whole-picture', cutOff: false, score: 1 };
    }
    const best = bestQuad(cv, labMat, lab, options);
    if (!best || best.score < ACCEPT_SCORE || Math.min(...best.sides) < MIN_SIDE) {
      const isScan = options.source === 'scan' || (paperRim && hasInk(lab));
      return {
        corners: whole,
        how: isScan ? 'whole-picture' : 'not-found',
        cutOff: false,
        score: best?.score ?? 0,
      };
    }
    const rough = best.quad.map(([x, y]): Point => [x * scale, y * scale]) as Quad;
    const corners = options.refine ? refine(picture, rough, scale) : rough;
    return {
      corners: corners.map((p) => clampInto(p, picture)) as Quad,
      how: 'edges',
      cutOff: isCutOff(corners, picture),
      score: best.score,
    };
  });
}

/** One side may be half hidden (thumb, shadow) but not missing. */
const MIN_SIDE = 0.25;

function smallLab(
  cv: Cv,
  bin: Bin,
  picture: Picture,
  searchPx: number,
): { labMat: Mat; lab: Picture; scale: number } {
  const scale = Math.max(1, Math.max(picture.width, picture.height) / searchPx);
  const width = Math.round(picture.width / scale);
  const height = Math.round(picture.height / scale);
  const full = bin(matOf(cv, picture.data, picture.width, picture.height, 3));
  const labMat = bin(new cv.Mat());
  cv.resize(full, labMat, new cv.Size(width, height), 0, 0, cv.INTER_AREA);
  cv.cvtColor(labMat, labMat, cv.COLOR_RGB2Lab);
  cv.GaussianBlur(labMat, labMat, new cv.Size(3, 3), 0);
  return { labMat, lab: { data: new Uint8Array(labMat.data), width, height }, scale };
}

function bestQuad(cv: Cv, labMat: Mat, lab: Picture, options: FindOptions): QuadScore | undefined {
  const { paperSizes } = options;
  const context = { lab, paperSizes };
  const light: GreyPicture = { data: lightnessOf(lab), width: lab.width, height: lab.height };
  const scored = proposeQuads(cv, labMat, options.refine)
    .map((quad) => scoreQuad(quad, context))
    .filter((item): item is QuadScore => item !== undefined)
    .sort((a, b) => b.score - a.score);
  const sharpened = distinct(scored, 0.006 * Math.hypot(lab.width, lab.height))
    .slice(0, options.refine ? 24 : 5)
    // Rough quads from masks lie a few pixels off; sharpened ones compete on equal terms.
    .flatMap((item) => [item, scoreQuad(refineCorners(light, item.quad, 6), context) ?? item])
    .sort((a, b) => b.score - a.score);
  return sharpened[0];
}

/** Keeps the best of quads that are nearly the same. */
function distinct(scored: readonly QuadScore[], near: number): QuadScore[] {
  const kept: QuadScore[] = [];
  for (const item of scored) {
    const twin = kept.some((other) =>
      other.quad.every((corner, i) => distance(corner, item.quad[i] as Point) < near),
    );
    if (!twin) kept.push(item);
    if (kept.length === 40) break;
  }
  return kept;
}

function refine(picture: Picture, rough: Quad, scale: number): Quad {
  const grey = channelOf(picture, 'grey');
  return refineCorners(grey, rough, Math.max(6, 4 * scale));
}

function lightnessOf(lab: Picture): Uint8Array {
  const out = new Uint8Array(lab.width * lab.height);
  for (let i = 0; i < out.length; i += 1) out[i] = lab.data[3 * i] as number;
  return out;
}

/** The outermost 1.5 % of the picture is bright and colourless nearly everywhere, and as bright as the middle. */
function hasPaperRim(lab: Picture): boolean {
  const { data, width, height } = lab;
  const rim = Math.max(3, Math.round(Math.min(width, height) * 0.015));
  let paper = 0;
  let total = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (x >= rim && x < width - rim && y >= rim && y < height - rim) {
        x = width - rim - 1;
        continue;
      }
      const k = (y * width + x) * 3;
      total += 1;
      const chroma = Math.hypot((data[k + 1] as number) - 128, (data[k + 2] as number) - 128);
      if ((data[k] as number) > 200 && chroma < 14) paper += 1;
    }
  }
  return paper > 0.9 * total && borderColours(data, width, height).length <= 2;
}

/** Scanners deliver paper shapes; cameras 4:3, 3:2 and 16:9. */
function hasPaperShape(picture: Picture, sizes: readonly PaperSize[]): boolean {
  const aspect = Math.abs(Math.log(picture.width / picture.height));
  return sizes.some(
    ({ widthMm, heightMm }) => Math.abs(aspect - Math.abs(Math.log(widthMm / heightMm))) < 0.025,
  );
}

/** Some dark marks in the middle: a cropped page has writing, an empty pale desk has none. */
function hasInk(lab: Picture): boolean {
  const { data, width, height } = lab;
  let ink = 0;
  let seen = 0;
  for (let y = Math.round(height * 0.1); y < height * 0.9; y += 2) {
    for (let x = Math.round(width * 0.1); x < width * 0.9; x += 2) {
      seen += 1;
      if ((data[(y * width + x) * 3] as number) < 110) ink += 1;
    }
  }
  return ink > 0.002 * seen && ink < 0.5 * seen;
}

function isCutOff(corners: Quad, { width, height }: { width: number; height: number }): boolean {
  // 0.4 % of the diagonal: nearer to the border than this, the corner itself cannot have been seen.
  const near = 0.004 * Math.hypot(width, height);
  return corners.some(([x, y]) => x < near || y < near || x > width - 1 - near || y > height - 1 - near);
}

function clampInto([x, y]: Point, { width, height }: { width: number; height: number }): Point {
  return [Math.max(0, Math.min(width, x)), Math.max(0, Math.min(height, y))];
}

/** Share of the picture that the quad covers. */
export function shareOf(corners: Quad, width: number, height: number): number {
  const [tl, tr, br, bl] = corners;
  const across = (distance(tl, tr) + distance(bl, br)) / 2;
  const down = (distance(tl, bl) + distance(tr, br)) / 2;
  return Math.min(1, (across * down) / (width * height));
}
