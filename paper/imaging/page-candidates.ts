/** Proposes quads that may be the page, from several segmentations that fail on different pictures. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, intersect, isConvex, lineThrough, orderCorners, signedArea } from './geometry.ts';
import type { Line2 } from './geometry.ts';
import { withBin } from './opencv.ts';
import type { Bin, Cv, Mat } from './opencv.ts';

/** A page fills at least this part of the picture; an ID card under an A4 camera fills about 7 %. */
const MIN_AREA_SHARE = 0.035;
/** Straight lines kept for each of the two directions; six give 225 quads, enough for a sheet on a sheet. */
const LINES_PER_DIRECTION = 7;

/**
 * `lab` is a small 8-bit Lab picture (long side some 800 px). Quads come ordered, in its pixels,
 * unscored. Previews go without the slowest segmentation.
 */
export function proposeQuads(cv: Cv, lab: Mat, isThorough: boolean): Quad[] {
  return withBin((bin) => {
    const quads: Quad[] = [];
    const channels = bin(new cv.MatVector());
    cv.split(lab, channels);
    const light = bin(channels.get(0));
    const masks = [
      otsuMask(cv, bin, light),
      backgroundMask(cv, bin, lab),
      ...(isThorough ? floodMasks(cv, bin, lab) : []),
      saturationMask(cv, bin, lab),
    ];
    for (const mask of masks) quads.push(...quadsOfMask(cv, bin, mask));
    const edges = edgesOf(cv, bin, [light, bin(channels.get(1)), bin(channels.get(2))]);
    quads.push(...quadsOfEdges(cv, bin, edges));
    quads.push(...quadsOfLines(cv, bin, edges));
    return quads;
  });
}

/** Bright paper on a darker desk. */
function otsuMask(cv: Cv, bin: Bin, light: Mat): Mat {
  const mask = bin(new cv.Mat());
  cv.threshold(light, mask, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
  return close(cv, bin, mask, 9);
}

/** Colourless paper on a coloured desk (wood), or the other way about. */
function saturationMask(cv: Cv, bin: Bin, lab: Mat): Mat {
  const { rows, cols } = lab;
  const chroma = bin(new cv.Mat(rows, cols, cv.CV_8UC1));
  const from = lab.data;
  const to = chroma.data;
  for (let i = 0, k = 0; i < to.length; i += 1, k += 3) {
    const [a, b] = [(from[k + 1] as number) - 128, (from[k + 2] as number) - 128];
    to[i] = Math.min(255, 3 * Math.sqrt(a * a + b * b));
  }
  const mask = bin(new cv.Mat());
  cv.threshold(chroma, mask, 0, 255, cv.THRESH_BINARY_INV + cv.THRESH_OTSU);
  return close(cv, bin, mask, 9);
}

/** Whatever differs from the colours along the picture's border (up to three kinds of desk). */
function backgroundMask(cv: Cv, bin: Bin, lab: Mat): Mat {
  const { rows, cols } = lab;
  const far = bin(new cv.Mat(rows, cols, cv.CV_8UC1));
  const data = lab.data;
  const centres = borderColours(data, cols, rows);
  const to = far.data;
  for (let i = 0, k = 0; i < to.length; i += 1, k += 3) {
    const [pl, pa, pb] = [data[k] as number, data[k + 1] as number, data[k + 2] as number];
    let best = Infinity;
    for (const [l, a, b] of centres) {
      // Half weight for lightness: shadows and uneven light change it most.
      const d = 0.5 * (pl - l) * (pl - l) + (pa - a) * (pa - a) + (pb - b) * (pb - b);
      if (d < best) best = d;
    }
    to[i] = Math.min(255, Math.sqrt(best) * 3);
  }
  const mask = bin(new cv.Mat());
  cv.threshold(far, mask, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
  return close(cv, bin, mask, 9);
}

/** k-means with three centres on the outer 3 % of the picture; centres with little support are dropped. */
export function borderColours(data: Uint8Array, width: number, height: number): [number, number, number][] {
  const rim = Math.max(2, Math.round(Math.min(width, height) * 0.03));
  const samples: [number, number, number][] = [];
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      if (x >= rim && x < width - rim && y >= rim && y < height - rim) continue;
      const k = (y * width + x) * 3;
      samples.push([data[k] as number, data[k + 1] as number, data[k + 2] as number]);
    }
  }
  samples.sort((p, q) => p[0] - q[0]);
  let centres = [0.15, 0.5, 0.85].map(
    (q) => [...(samples[Math.floor(samples.length * q)] ?? [0, 128, 128])] as [number, number, number],
  );
  let shares: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const sums = centres.map(() => [0, 0, 0, 0] as [number, number, number, number]);
    for (const s of samples) {
      let best = 0;
      let bestD = Infinity;
      centres.forEach((c, i) => {
        const d = (s[0] - c[0]) ** 2 + (s[1] - c[1]) ** 2 + (s[2] - c[2]) ** 2;
        if (d < bestD) {
          bestD = d;
          best = i;
        }
      });
      const bucket = sums[best] as [number, number, number, number];
      bucket[0] += s[0];
      bucket[1] += s[1];
      bucket[2] += s[2];
      bucket[3] += 1;
    }
    shares = sums.map((s) => s[3] / samples.length);
    centres = centres.map((c, i) => {
      const s = sums[i] as [number, number, number, number];
      return s[3] > 0 ? [s[0] / s[3], s[1] / s[3], s[2] / s[3]] : c;
    });
  }
  return centres.filter((_, i) => (shares[i] ?? 0) > 0.12);
}

/** Floods from the border inwards: desks with slow shading fall to it, pale ones only with a small step. */
function floodMasks(cv: Cv, bin: Bin, lab: Mat): Mat[] {
  const smooth = bin(new cv.Mat());
  cv.GaussianBlur(lab, smooth, new cv.Size(5, 5), 0);
  return [1, 3].map((step) => {
    const { rows, cols } = lab;
    const mask = bin(cv.Mat.zeros(rows + 2, cols + 2, cv.CV_8UC1));
    const picture = bin(smooth.clone());
    const diff = new cv.Scalar(step, step, step, 0);
    const flags = 4 | cv.FLOODFILL_MASK_ONLY | (255 << 8);
    const seed = (x: number, y: number): void => {
      if (mask.data[(y + 1) * (cols + 2) + x + 1] === 0) {
        cv.floodFill(
          picture,
          mask,
          new cv.Point(x, y),
          new cv.Scalar(0, 0, 0, 0),
          new cv.Rect(),
          diff,
          diff,
          flags,
        );
      }
    };
    for (let i = 0; i <= 12; i += 1) {
      const x = Math.round(((cols - 1) * i) / 12);
      const y = Math.round(((rows - 1) * i) / 12);
      seed(x, 1);
      seed(x, rows - 2);
      seed(1, y);
      seed(cols - 2, y);
    }
    const inner = bin(mask.roi(new cv.Rect(1, 1, cols, rows)));
    const page = bin(new cv.Mat());
    cv.threshold(inner, page, 127, 255, cv.THRESH_BINARY_INV);
    return open(cv, bin, page, 5);
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

function quadsOfEdges(cv: Cv, bin: Bin, edges: Mat): Quad[] {
  return quadsOfMask(cv, bin, close(cv, bin, edges, 7));
}

function close(cv: Cv, bin: Bin, mask: Mat, size: number): Mat {
  const out = bin(new cv.Mat());
  const kernel = bin(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(size, size)));
  cv.morphologyEx(mask, out, cv.MORPH_CLOSE, kernel);
  return out;
}

function open(cv: Cv, bin: Bin, mask: Mat, size: number): Mat {
  const out = bin(new cv.Mat());
  const kernel = bin(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(size, size)));
  cv.morphologyEx(mask, out, cv.MORPH_OPEN, kernel);
  return out;
}

function quadsOfMask(cv: Cv, bin: Bin, mask: Mat): Quad[] {
  const contours = bin(new cv.MatVector());
  const hierarchy = bin(new cv.Mat());
  cv.findContours(mask, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE);
  const minArea = MIN_AREA_SHARE * mask.rows * mask.cols;
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
  return found.slice(0, 3).flatMap(({ hull }) => {
    const quads = [quadOfHull(hull), ...quadByApproximation(cv, bin, hull)];
    return quads.filter((quad): quad is Quad => quad !== undefined);
  });
}

/** The four longest nearly straight runs of a hull, met at their crossings: a thumb or a round corner does not matter. */
export function quadOfHull(hull: Point[]): Quad | undefined {
  const runs: { line: Line2; length: number; angle: number; a: Point; b: Point }[] = [];
  const n = hull.length;
  for (let i = 0; i < n; i += 1) {
    const a = hull[i] as Point;
    const b = hull[(i + 1) % n] as Point;
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const last = runs.at(-1);
    if (last && angleGap(last.angle, angle) < 0.06) {
      last.b = b;
      last.length = distance(last.a, b);
      last.line = lineThrough(last.a, b);
      last.angle = Math.atan2(b[1] - last.a[1], b[0] - last.a[0]);
    } else {
      runs.push({ line: lineThrough(a, b), length: distance(a, b), angle, a, b });
    }
  }
  const four = runs.sort((p, q) => q.length - p.length).slice(0, 4);
  if (four.length < 4) return undefined;
  four.sort((p, q) => p.angle - q.angle);
  const corners: Point[] = [];
  for (let i = 0; i < 4; i += 1) {
    const corner = intersect(
      (four[i] as (typeof four)[0]).line,
      (four[(i + 1) % 4] as (typeof four)[0]).line,
    );
    if (!corner) return undefined;
    corners.push(corner);
  }
  return orderCorners(corners);
}

function angleGap(a: number, b: number): number {
  const gap = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(gap, 2 * Math.PI - gap);
}

function quadByApproximation(cv: Cv, bin: Bin, hull: Point[]): Quad[] {
  const mat = bin(
    cv.matFromArray(
      hull.length,
      1,
      cv.CV_32SC2,
      hull.flatMap(([x, y]) => [Math.round(x), Math.round(y)]),
    ),
  );
  const length = cv.arcLength(mat, true);
  const approx = bin(new cv.Mat());
  for (const epsilon of [0.01, 0.02, 0.04, 0.06]) {
    cv.approxPolyDP(mat, approx, epsilon * length, true);
    if (approx.rows === 4) return [orderCorners(pointsOf(approx))];
  }
  return [];
}

function pointsOf(mat: Mat): Point[] {
  const data = mat.data32S;
  return Array.from({ length: mat.rows }, (_, i) => [data[2 * i] as number, data[2 * i + 1] as number]);
}

interface Bundle {
  theta: number;
  rho: number;
  weight: number;
}

/** Pairs of the strongest straight lines of both directions: finds a sheet that lies on another sheet. */
function quadsOfLines(cv: Cv, bin: Bin, edges: Mat): Quad[] {
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
          if (quad && Math.abs(signedArea(quad)) > MIN_AREA_SHARE * rows * cols) quads.push(quad);
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
  bundles.sort((a, b) => b.weight - a.weight).slice(0, LINES_PER_DIRECTION);

function quadOfLines(a: Line2, b: Line2, c: Line2, d: Line2): Quad | undefined {
  const corners = [intersect(a, c), intersect(a, d), intersect(b, d), intersect(b, c)];
  if (corners.some((corner) => corner === undefined)) return undefined;
  const quad = orderCorners(corners as Point[]);
  return isConvex(quad) ? quad : undefined;
}
