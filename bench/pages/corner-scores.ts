/** How far found corners lie from the true ones, and what skew is left on the straightened page. Pure. */
import type { Quad } from '#domain/reading/schema.ts';
import { applyHomography, distance, homography, rectangleQuad, rotateQuad } from '#paper/imaging/geometry.ts';

/** Corners count as found within this part of the picture's diagonal. */
export const cornerLimit = 0.01;

/** Greatest distance of a corner from its true place, in parts of the picture's diagonal, whichever corner comes first. */
export function cornerError(found: Quad, truth: Quad, picture: { width: number; height: number }): number {
  const diagonal = Math.hypot(picture.width, picture.height);
  const turned = [found, mirrored(found)].flatMap((quad) =>
    [0, 1, 2, 3].map((turns) => rotateQuad(quad, turns)),
  );
  return (
    Math.min(
      ...turned.map((quad) => Math.max(...quad.map((point, i) => distance(point, truth[i] ?? point)))),
    ) / diagonal
  );
}

/** Contours run either way round. */
const mirrored = ([a, b, c, d]: Quad): Quad => [a, d, c, b];

/** The page's own top left comes first: it was turned the right way up. */
export function isUpright(found: Quad, truth: Quad): boolean {
  const off = (quad: Quad): number =>
    quad.reduce((sum, point, i) => sum + distance(point, truth[i] ?? point), 0);
  return [1, 2, 3].every((turns) => off(found) < off(rotateQuad(found, turns)));
}

/** Degrees by which the true page's upper or lower edge still lies crooked on the page straightened from `found`. */
export function skewLeft(found: Quad, truth: Quad, page: { widthPx: number; heightPx: number }): number {
  const map = homography(found, rectangleQuad(0, 0, page.widthPx, page.heightPx));
  const [tl, tr, br, bl] = truth.map((point) => applyHomography(map, point)) as Quad;
  const angle = ([x0, y0]: readonly number[], [x1, y1]: readonly number[]): number =>
    Math.abs((Math.atan2((y1 ?? 0) - (y0 ?? 0), (x1 ?? 0) - (x0 ?? 0)) * 180) / Math.PI);
  return Math.max(angle(tl, tr), angle(bl, br));
}

export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}

/** The value under which the part `q` of all values lies; undefined for none. */
export function quantile(values: readonly number[], q: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
