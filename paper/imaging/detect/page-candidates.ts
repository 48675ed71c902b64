/** Proposes quads that may be the page, from several segmentations that fail on different pictures. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { quadsOfLines } from './candidate-lines.ts';
import { backgroundMask, close, floodMasks, otsuMask, saturationMask } from './candidate-masks.ts';
import { fourSides } from './four-sides.ts';
import { signedArea } from '../geometry.ts';
import { withScope } from '../opencv.ts';
import type { Bin, Cv, Mat } from '../opencv.ts';

/** A page fills at least this part of the picture; smaller cards are left to the network. */
const minAreaShare = 0.035;

/** `lab` is a small 8-bit Lab picture (long side some 800 px). Quads come ordered, in its pixels, unscored. */
export function proposeQuads(cv: Cv, lab: Mat): Quad[] {
  return withScope((bin) => {
    const channels = bin(new cv.MatVector());
    cv.split(lab, channels);
    const light = bin(channels.get(0));
    const edges = edgesOf(cv, bin, [light, bin(channels.get(1)), bin(channels.get(2))]);
    const masks = [
      otsuMask(cv, bin, light),
      backgroundMask(cv, bin, lab),
      ...floodMasks(cv, bin, lab),
      saturationMask(cv, bin, lab),
      close(cv, bin, edges, 7),
    ];
    return [
      ...masks.flatMap((mask) => quadsOfMask(cv, bin, mask)),
      ...quadsOfLines(cv, bin, edges, minAreaShare),
    ];
  });
}

function edgesOf(cv: Cv, bin: Bin, channels: Mat[]): Mat {
  const edges = bin(cv.Mat.zeros((channels[0] as Mat).rows, (channels[0] as Mat).cols, cv.CV_8UC1));
  const one = bin(new cv.Mat());
  const smooth = bin(new cv.Mat());
  channels.forEach((channel, i) => {
    cv.GaussianBlur(channel, smooth, new cv.Size(5, 5), 0);
    // Colour channels carry less contrast than lightness; pale desks need low limits, texture is sorted out by scoring.
    cv.Canny(smooth, one, i === 0 ? 12 : 8, i === 0 ? 36 : 24);
    cv.bitwise_or(edges, one, edges);
  });
  return edges;
}

function quadsOfMask(cv: Cv, bin: Bin, mask: Mat): Quad[] {
  const contours = bin(new cv.MatVector());
  const hierarchy = bin(new cv.Mat());
  cv.findContours(mask, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE);
  const minArea = minAreaShare * mask.rows * mask.cols;
  const found: { area: number; hull: Point[] }[] = [];
  for (let i = 0; i < contours.size(); i += 1) {
    const contour = contours.get(i);
    const hullMat = new cv.Mat();
    cv.convexHull(contour, hullMat);
    const hull = pointsOf(hullMat);
    hullMat.delete();
    contour.delete();
    const area = Math.abs(signedArea(hull));
    if (area >= minArea) found.push({ area, hull });
  }
  found.sort((a, b) => b.area - a.area);
  return found
    .slice(0, 3)
    .map(({ hull }) => fourSides(hull))
    .filter((quad) => quad !== undefined);
}

function pointsOf(mat: Mat): Point[] {
  const data = mat.data32S;
  return Array.from({ length: mat.rows }, (_, i) => [data[2 * i] as number, data[2 * i + 1] as number]);
}
