/** Finds the sheets in a picture: the network's quads, sharpened at full size; knows a scan that is all page. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { lightOf, lightOfGrey, fitToEdges, refineCorners, refitEnds } from './corner-refine.ts';
import type { FittedCorners, LightMap } from './corner-refine.ts';
import type { FinderMap } from './finder-map.ts';
import { fingerShareOf } from './fingers.ts';
import { distance, rectangleQuad, signedArea } from '../geometry.ts';
import { matOf, withScope } from '../opencv.ts';
import type { Bin, Cv, Mat } from '../opencv.ts';
import { proposeQuads } from './page-candidates.ts';
import { scoreQuad } from './page-score.ts';
import type { QuadScore } from './page-score.ts';
import type { Picture } from '../picture.ts';
import { hasInk, hasPaperRim, hasPaperShape } from './scan-rim.ts';
import { worthOf } from './quad-choice.ts';
import { withoutPrints } from './printed-sheets.ts';
import { describeSheet, findSheets, supportOf } from './sheet-quads.ts';
import type { Sheet } from './sheet-quads.ts';
import { quadsAround } from './side-search.ts';

/** Where the picture comes from: a scanner's pages (PDF, TIFF) fill the picture unless a desk shows. */
export type SourceKind = 'scan' | 'photo';

export interface FoundPage {
  corners: Quad;
  how: 'edges' | 'whole-picture' | 'not-found';
  /** A corner lies at the picture's border although the page does not fill the picture. */
  cutOff: boolean;
  score: number;
  /** What spoils the page although its edges were found. */
  flaws: PageFlaw[];
}
export type PageFlaw = 'finger' | 'screen';

export interface FindOptions {
  /** The picture brought to searchPx, if it is larger. */
  small: Picture;
  paperSizes: readonly PaperSize[];
  source: SourceKind;
  map: FinderMap;
}

/** Long side of the picture in which edges are sought. */
export const searchPx = 800;
/** Quads about a sheet that are looked at closely; sixty hold the true one nearly always. */
const maxQuads = 80;
const likelyQuads = 8;
/** Part of the diagonal within which two quads are one. */
const sameShare = 0.006;
/** How far an edge may lie from a quad of edges, in pixels of the small picture; farther off lies another sheet's. */
const sharpenPx = 4;
const segmentSharpenPx = 6;
/** Without a certain sheet from the network, edges must be clear and the network not against them. */
const aloneScore = 0.65;
const aloneSupport = 0.5;
/** True sheets of rendered desks score above this; what carpets and desks are taken for stays under it. */
const acceptScore = 0.77;
/** A sheet over this part of the picture fills it. */
const fillingShare = 0.97;

/** One page at least: where no sheet is found, the whole picture with how 'not-found'. In reading order. */
export function findPages(cv: Cv, picture: Picture, options: FindOptions): FoundPage[] {
  const { small, paperSizes, source, map } = options;
  const scale = Math.max(picture.width, picture.height) / Math.max(small.width, small.height);
  return withScope((bin) => {
    const { labMat, lab } = labOf(cv, bin, small);
    const paperRim = hasPaperRim(lab);
    // A scan's rim is paper: what is printed in its midst is no sheet of its own.
    if (paperRim && (source === 'scan' || hasPaperShape(picture, paperSizes)))
      return [wholePicture(picture, 'whole-picture')];
    const sheets = sharpenSheets(findSheets(map), {
      propose: () => proposeQuads(cv, labMat),
      lab,
      scale,
      options,
    });
    if (sheets.length === 0) {
      const isScan = source === 'scan' || (paperRim && hasInk(lab));
      return [wholePicture(picture, isScan ? 'whole-picture' : 'not-found')];
    }
    const light = lightOf(picture);
    return sheets.map((sheet) => pageOf(sheet, { picture, light, small, map, reach: sharpenPx * scale }));
  });
}

interface Clues {
  /** Segmentations take time: only where they are needed. */
  propose: () => Quad[];
  lab: Picture;
  scale: number;
  options: FindOptions;
}

/**
 * The network says where sheets are, the edges about them where exactly. Where it is sure of none, the segmentations are
 * asked, and edges must be clear.
 */
function sharpenSheets(found: readonly Sheet[], clues: Clues): Sheet[] {
  const { map, paperSizes } = clues.options;
  const { lab, scale } = clues;
  const light = lightOfGrey({ data: lightnessOf(lab), width: lab.width, height: lab.height });
  const toPicture = (quad: Quad): Quad => quad.map(([x, y]): Point => [x * scale, y * scale]) as Quad;
  const near = sameShare * Math.hypot(lab.width, lab.height);
  const certain = withoutPrints(found.filter(({ score }) => score >= acceptScore));
  if (certain.length === 0) return bySegments(clues, light, toPicture);
  return certain.map((sheet): Sheet => {
    const rough = sheet.corners.map(([x, y]): Point => [x / scale, y / scale]) as Quad;
    const judge = (quad: Quad): number => worthOf(quad, { lab, map, scale, paperSizes, rough });
    const judged = (quads: readonly Quad[]): { quad: Quad }[] =>
      quads.map((quad) => ({ quad, worth: judge(quad) })).sort((a, b) => b.worth - a.worth);
    const all = distinct(judged([rough, ...quadsAround(lab, rough, maxQuads)]), near);
    const likely = all.slice(0, likelyQuads).map(({ quad }) => quad);
    // Rough quads lie a few pixels off; sharpened ones compete on equal terms.
    const [best] = judged(
      likely.flatMap((quad) => {
        const sharp = refineCorners(light, quad, sharpenPx);
        return [quad, sharp, refitEnds(light, sharp).corners];
      }),
    );
    return { ...describeSheet(map, toPicture(best?.quad ?? rough)), score: sheet.score };
  });
}

/** One sheet or none. */
function bySegments(
  { propose, lab, options }: Clues,
  light: LightMap,
  toPicture: (quad: Quad) => Quad,
): Sheet[] {
  const { map, paperSizes } = options;
  const judge = (quad: Quad): Judged | undefined => {
    const scored = scoreQuad(quad, { lab, paperSizes });
    if (!scored) return undefined;
    const support = supportOf(map, toPicture(quad));
    return { ...scored, support, total: scored.score + support };
  };
  const judged = propose()
    .map(judge)
    .filter((item) => item !== undefined);
  const rough = distinct(judged.sort(byTotal), sameShare * Math.hypot(lab.width, lab.height)).slice(0, 16);
  // Rough quads from masks lie a few pixels off; sharpened ones compete on equal terms.
  const [found] = rough
    .flatMap((item) => [item, judge(refineCorners(light, item.quad, segmentSharpenPx)) ?? item])
    .sort(byTotal);
  if (!found || found.score < aloneScore || found.support < aloneSupport) return [];
  return [{ ...describeSheet(map, toPicture(found.quad)), score: found.support }];
}

type Judged = QuadScore & { support: number; total: number };
const byTotal = (a: Judged, b: Judged): number => b.total - a.total;

const isNear = (a: Quad, b: Quad, within: number): boolean => farthest(a, b) < within;

/** The farthest that a corner of one lies from the other's, whichever corner comes first. */
function farthest(a: Quad, b: Quad): number {
  return Math.min(
    ...[0, 1, 2, 3].map((turn) =>
      Math.max(...a.map((corner, i) => distance(corner, b[(i + turn) % 4] as Point))),
    ),
  );
}

/** Keeps the best of quads that are nearly the same. */
function distinct<T extends { quad: Quad }>(judged: readonly T[], near: number): T[] {
  const kept: T[] = [];
  for (const item of judged) {
    if (!kept.some((other) => isNear(item.quad, other.quad, near))) kept.push(item);
    if (kept.length === 40) break;
  }
  return kept;
}

function lightnessOf(lab: Picture): Uint8Array {
  const out = new Uint8Array(lab.width * lab.height);
  for (let i = 0; i < out.length; i += 1) out[i] = lab.data[3 * i] as number;
  return out;
}

/** The likeliest sheet of a small frame, for the outline of a preview; not sharpened beyond the network's map. */
export function findOutlines(map: FinderMap): Sheet[] {
  return withoutPrints(findSheets(map).filter(({ score }) => score >= acceptScore));
}

interface PageClues {
  picture: Picture;
  light: LightMap;
  small: Picture;
  map: FinderMap;
  reach: number;
}

function pageOf(sheet: Sheet, { picture, light, small, map, reach }: PageClues): FoundPage {
  const share = Math.abs(signedArea(sheet.corners)) / (picture.width * picture.height);
  if (share > fillingShare)
    return { ...wholePicture(picture, 'whole-picture'), flaws: flawsOf(sheet, map, small) };
  const { corners, seen } = fitToEdges(light, sheet.corners, reach);
  return {
    corners: corners.map((p) => clampInto(p, picture)) as Quad,
    how: 'edges',
    cutOff: isCutOff({ corners, seen }, picture),
    score: sheet.score,
    flaws: flawsOf({ ...sheet, corners }, map, small),
  };
}

/** A fingertip at the rim covers less than this; one over the text covers more. */
const fingerShare = 0.012;
const maxScreenShare = 0.5;

/** `picture` is any copy of the picture that the map is of. */
export function flawsOf(
  { corners, screenShare }: Pick<Sheet, 'corners' | 'screenShare'>,
  map: FinderMap,
  picture: Picture,
): PageFlaw[] {
  const flaws: PageFlaw[] = [];
  if (fingerShareOf(map, corners, picture) > fingerShare) flaws.push('finger');
  if (screenShare > maxScreenShare) flaws.push('screen');
  return flaws;
}

function wholePicture(picture: Picture, how: 'whole-picture' | 'not-found'): FoundPage {
  const corners = rectangleQuad(0, 0, picture.width, picture.height);
  return { corners, how, cutOff: false, score: how === 'not-found' ? 0 : 1, flaws: [] };
}

/** Blurred a little, so that grain makes no edges. */
export function labOf(cv: Cv, bin: Bin, small: Picture): { labMat: Mat; lab: Picture } {
  const { width, height } = small;
  const labMat = bin(matOf(cv, small.data, width, height, 3));
  cv.cvtColor(labMat, labMat, cv.COLOR_RGB2Lab);
  cv.GaussianBlur(labMat, labMat, new cv.Size(3, 3), 0);
  return { labMat, lab: { data: new Uint8Array(labMat.data), width, height } };
}

/** Of the diagonal: what a corner may lie beyond the picture and nothing is lost with it. */
const nothingLost = 0.002;

/**
 * A corner at the picture's rim was not seen, unless both of its sides were found right up to it: a whole page may reach to
 * within a few pixels of the rim.
 */
export function isCutOff({ corners, seen }: FittedCorners, picture: Size): boolean {
  const slack = nothingLost * Math.hypot(picture.width, picture.height);
  return corners.some((corner, i) => {
    const [x, y] = corner;
    const isLost = x < -slack || y < -slack || x > picture.width + slack || y > picture.height + slack;
    return isAtRim(corner, picture) && (!seen[i] || isLost);
  });
}
type Size = Pick<Picture, 'width' | 'height'>;

export function isAtRim([x, y]: Point, { width, height }: { width: number; height: number }): boolean {
  // 0.4 % of the diagonal: nearer to the border than this, the corner itself cannot have been seen.
  const near = 0.004 * Math.hypot(width, height);
  return x < near || y < near || x > width - 1 - near || y > height - 1 - near;
}

function clampInto([x, y]: Point, { width, height }: { width: number; height: number }): Point {
  return [Math.max(0, Math.min(width, x)), Math.max(0, Math.min(height, y))];
}
