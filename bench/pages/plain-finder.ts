/** The page finder of the textbooks, as a peer: Otsu's threshold, the largest contour, approxPolyDP. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { signedArea } from '#paper/imaging/geometry.ts';
import { matOf, withScope } from '#paper/imaging/opencv.ts';
import type { Cv, Mat } from '#paper/imaging/opencv.ts';
import type { Picture } from '#paper/imaging/picture.ts';
import { channelOf } from '#paper/imaging/picture.ts';

const longSide = 800;
/** Of the contour's length: what a polygon may lie off it. */
const slack = 0.02;

/** In pixels of `picture`; undefined where the largest contour is no quadrilateral. */
export function findPlainly(cv: Cv, picture: Picture): Quad | undefined {
  return withScope((bin) => {
    const scale = Math.min(1, longSide / Math.max(picture.width, picture.height));
    const grey = channelOf(picture, 'grey');
    const whole = bin(matOf(cv, grey.data, grey.width, grey.height, 1));
    const small = bin(new cv.Mat());
    const size = new cv.Size(Math.round(picture.width * scale), Math.round(picture.height * scale));
    cv.resize(whole, small, size, 0, 0, cv.INTER_AREA);
    cv.GaussianBlur(small, small, new cv.Size(5, 5), 0);
    const bright = bin(new cv.Mat());
    cv.threshold(small, bright, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
    const contours = bin(new cv.MatVector());
    const hierarchy = bin(new cv.Mat());
    cv.findContours(bright, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE);
    let largest: { contour: Mat; area: number } | undefined;
    for (let i = 0; i < contours.size(); i += 1) {
      const contour = bin(contours.get(i));
      const area = Math.abs(signedArea(pointsOf(contour)));
      if (area > (largest?.area ?? 0)) largest = { contour, area };
    }
    if (!largest) return undefined;
    const polygon = bin(new cv.Mat());
    cv.approxPolyDP(largest.contour, polygon, slack * cv.arcLength(largest.contour, true), true);
    const corners = pointsOf(polygon);
    if (corners.length !== 4) return undefined;
    return corners.map(([x, y]): Point => [x / scale, y / scale]) as Quad;
  });
}

function pointsOf(mat: Mat): Point[] {
  const { data32S } = mat;
  return Array.from({ length: mat.rows }, (_, i) => [data32S[2 * i] as number, data32S[2 * i + 1] as number]);
}
