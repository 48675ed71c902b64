/** Quads from pairs of straight lines: finds a sheet that lies on another sheet. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { intersect, isConvex, orderCorners, signedArea } from '../geometry.ts';
import type { Line2 } from '../geometry.ts';
import type { Bin, Cv, Mat } from '../opencv.ts';

/** Straight lines kept for each of the two directions; six give 225 quads, enough for a sheet on a sheet. */
const linesPerDirection = 7;

interface Bundle {
  theta: number;
  rho: number;
  weight: number;
}

/** Pairs of the strongest straight lines of both directions: finds a sheet that lies on another sheet. */
export function quadsOfLines(cv: Cv, bin: Bin, edges: Mat, minAreaShare: number): Quad[] {
  const { rows, cols } = edges;
  const found = bin(new cv.Mat());
  const shortest = Math.min(rows, cols) * 0.12;
  cv.HoughLinesP(edges, found, 1, Math.PI / 360, 50, shortest, 8);
  const data = found.data32S;
  const flat: Bundle[] = [];
  const steep: Bundle[] = [];
  const count = Math.min(found.rows, 600);
  for (let i = 0; i < count; i += 1) {
    const a: Point = [data[4 * i] as number, data[4 * i + 1] as number];
    const b: Point = [data[4 * i + 2] as number, data[4 * i + 3] as number];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const isFlat = Math.abs(dx) >= Math.abs(dy);
    // Angle and offset of the line at the picture's middle, so that nearly equal lines have nearly equal numbers.
    const theta = isFlat ? Math.atan(dy / dx) : Math.atan(dx / dy);
    const rho = isFlat
      ? a[1] + (cols / 2 - a[0]) * Math.tan(theta)
      : a[0] + (rows / 2 - a[1]) * Math.tan(theta);
    addToBundle(isFlat ? flat : steep, { theta, rho, weight: Math.hypot(dx, dy) });
  }
  const flats = strongest(flat).map(({ theta, rho }): Line2 => ({
    point: [cols / 2, rho],
    direction: [Math.cos(theta), Math.sin(theta)],
  }));
  const steeps = strongest(steep).map(({ theta, rho }): Line2 => ({
    point: [rho, rows / 2],
    direction: [Math.sin(theta), Math.cos(theta)],
  }));
  const quads: Quad[] = [];
  for (let i = 0; i < flats.length; i += 1) {
    for (let j = i + 1; j < flats.length; j += 1) {
      for (let k = 0; k < steeps.length; k += 1) {
        for (let l = k + 1; l < steeps.length; l += 1) {
          const quad = quadOfLines(
            flats[i] as Line2,
            flats[j] as Line2,
            steeps[k] as Line2,
            steeps[l] as Line2,
          );
          if (quad && Math.abs(signedArea(quad)) > minAreaShare * rows * cols) quads.push(quad);
        }
      }
    }
  }
  return quads;
}

function addToBundle(bundles: Bundle[], line: Bundle): void {
  const near = bundles.find((b) => Math.abs(b.theta - line.theta) < 0.02 && Math.abs(b.rho - line.rho) < 4);
  if (!near) {
    bundles.push({ ...line });
    return;
  }
  const weight = near.weight + line.weight;
  near.theta = (near.theta * near.weight + line.theta * line.weight) / weight;
  near.rho = (near.rho * near.weight + line.rho * line.weight) / weight;
  near.weight = weight;
}

const strongest = (bundles: Bundle[]): Bundle[] =>
  bundles.sort((a, b) => b.weight - a.weight).slice(0, linesPerDirection);

function quadOfLines(a: Line2, b: Line2, c: Line2, d: Line2): Quad | undefined {
  const corners = [intersect(a, c), intersect(a, d), intersect(b, d), intersect(b, c)];
  if (corners.some((corner) => corner === undefined)) return undefined;
  const quad = orderCorners(corners as Point[]);
  return isConvex(quad) ? quad : undefined;
}
