/** From the network's map to the sheets in view: a quad for each, in reading order. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { FinderMap } from './finder-map.ts';
import { planeOf, sampleAt } from './finder-map.ts';
import { convexHull, fourSides } from './four-sides.ts';
import { distance, fitLine, intersect, lineThrough, signedArea } from '../geometry.ts';
import type { Line2 } from '../geometry.ts';

export interface Sheet {
  /** Pixels of the picture, clockwise. */
  corners: Quad;
  /** 0..1: how far the network believes in the four sides and in what lies between them. */
  score: number;
  /** Part of the sheet that looks like a display. */
  screenShare: number;
}

/** Smaller than this part of the picture is no sheet to be read. */
const minShare = 0.01;
const certainScore = 0.5;
/** How far a side may lie from where the blob ends, in pixels of the map. */
const reachCells = 5;
const samples = 48;

export function findSheets(map: FinderMap): Sheet[] {
  const { width, height } = map;
  const sheets: Sheet[] = [];
  for (const { area, outline } of blobsOf(growCores(map), width, height)) {
    if (area < minShare * width * height) continue;
    const hull = convexHull(outline);
    // A blob that is no convex figure is not one sheet.
    if (area < 0.7 * Math.abs(signedArea(hull))) continue;
    const rough = fourSides(hull);
    if (rough) sheets.push(describeSheet(map, toPicture(map, sharpen(map, rough))));
  }
  return inReadingOrder(sheets);
}

/** Numbers the pixels of each sheet: from its core outwards to its edge. 0 is no sheet. */
function growCores(map: FinderMap): Int32Array {
  const { width, height } = map;
  const [inside, edge, core] = [planeOf(map, 'inside'), planeOf(map, 'edge'), planeOf(map, 'core')];
  const size = width * height;
  const labels = new Int32Array(size);
  const queue = new Int32Array(size);
  let [head, tail] = [0, 0];
  const spread = (isCore: boolean): void => {
    const take = (from: number, i: number): void => {
      if (labels[i] !== 0) return;
      const may = isCore
        ? (core[i] as number) >= certainScore
        : (inside[i] as number) >= certainScore && (edge[i] as number) < certainScore;
      if (!may) return;
      labels[i] = labels[from] as number;
      queue[tail] = i;
      tail += 1;
    };
    while (head < tail) {
      const i = queue[head] as number;
      head += 1;
      const x = i % width;
      if (x > 0) take(i, i - 1);
      if (x < width - 1) take(i, i + 1);
      if (i >= width) take(i, i - width);
      if (i < size - width) take(i, i + width);
    }
  };
  let last = 0;
  for (let i = 0; i < size; i += 1) {
    if (labels[i] !== 0 || (core[i] as number) < certainScore) continue;
    last += 1;
    labels[i] = last;
    queue[tail] = i;
    tail += 1;
    spread(true);
  }
  // All cores grow at once, so that two sheets that touch meet half-way.
  head = 0;
  spread(false);
  return labels;
}

/** Area of each numbered blob, and the outer corners of its rows' first and last pixels. */
function blobsOf(
  labels: Int32Array,
  width: number,
  height: number,
): Iterable<{ area: number; outline: Point[] }> {
  const blobs = new Map<number, { area: number; outline: Point[] }>();
  for (let y = 0; y < height; y += 1) {
    const ends = new Map<number, [number, number]>();
    for (let x = 0; x < width; x += 1) {
      const label = labels[y * width + x] as number;
      if (label === 0) continue;
      const blob = blobs.get(label) ?? { area: 0, outline: [] };
      blob.area += 1;
      blobs.set(label, blob);
      const row = ends.get(label);
      if (row) row[1] = x + 1;
      else ends.set(label, [x, x + 1]);
    }
    for (const [label, [left, right]] of ends)
      blobs.get(label)?.outline.push([left, y], [right, y], [left, y + 1], [right, y + 1]);
  }
  return blobs.values();
}

/** Moves each side on to the ridge of the edge plane; a side at the rim of the picture stays there. */
function sharpen(map: FinderMap, rough: Quad): Quad {
  const { width, height } = map;
  const edge = planeOf(map, 'edge');
  let quad = rough;
  for (const reach of [reachCells, 2.5]) {
    const lines = [0, 1, 2, 3].map((i): Line2 => {
      const [a, b] = [quad[i] as Point, quad[(i + 1) % 4] as Point];
      const length = distance(a, b) || 1;
      const [nx, ny] = [(b[1] - a[1]) / length, -(b[0] - a[0]) / length];
      const points: Point[] = [];
      const weights: number[] = [];
      for (let s = 0; s < samples; s += 1) {
        const t = 0.06 + (0.88 * (s + 0.5)) / samples;
        const [x, y] = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        let [sum, moment] = [0, 0];
        for (let d = -reach; d <= reach; d += 0.5) {
          const [px, py] = [x + d * nx, y + d * ny];
          if (px < 0 || py < 0 || px > width || py > height) continue;
          const p = sampleAt(edge, width, height, px, py);
          if (p < 0.2) continue;
          sum += p;
          moment += p * d;
        }
        if (sum < 0.8) continue;
        points.push([x + (moment / sum) * nx, y + (moment / sum) * ny]);
        weights.push(Math.min(3, sum));
      }
      if (points.length < samples / 4) return lineThrough(a, b);
      return fitTrimmed(points, weights) ?? lineThrough(a, b);
    });
    const corners = [0, 1, 2, 3].map(
      (i) => intersect(lines[(i + 3) % 4] as Line2, lines[i] as Line2) ?? (quad[i] as Point),
    );
    if (corners.some((p, i) => distance(p, quad[i] as Point) > 4 * reach)) return quad;
    quad = corners as Quad;
  }
  return quad;
}

/** Fits, drops the third that fits worst, fits again. */
function fitTrimmed(points: readonly Point[], weights: readonly number[]): Line2 | undefined {
  const first = fitLine(points, weights);
  if (!first) return undefined;
  const off = ([x, y]: Point): number =>
    Math.abs((x - first.point[0]) * first.direction[1] - (y - first.point[1]) * first.direction[0]);
  const limit = points.map(off).sort((a, b) => a - b)[Math.floor(points.length * 0.67)] ?? Infinity;
  const kept = points.map((point, i) => ({ point, weight: weights[i] as number }));
  const near = kept.filter(({ point }) => off(point) <= limit + 0.05);
  return fitLine(
    near.map(({ point }) => point),
    near.map(({ weight }) => weight),
  );
}

const toPicture = ({ scaleX, scaleY }: FinderMap, quad: Quad): Quad =>
  quad.map(([x, y]): Point => [x * scaleX, y * scaleY]) as Quad;
const toMap = ({ scaleX, scaleY }: FinderMap, quad: Quad): Quad =>
  quad.map(([x, y]): Point => [x / scaleX, y / scaleY]) as Quad;

/** What the map says about a quad of the picture. */
export function describeSheet(map: FinderMap, corners: Quad): Sheet {
  const quad = toMap(map, corners);
  return {
    corners,
    score: supportOf(map, corners),
    screenShare: meanWithin(map, quad, 'screen'),
  };
}

/** 0..1: how far the map bears out that a quad of the picture is a sheet: its sides, and paper within them. */
export function supportOf(map: FinderMap, corners: Quad): number {
  const quad = toMap(map, corners);
  return 0.5 * edgeSupport(map, quad) + 0.5 * meanWithin(map, quad, 'inside');
}

/** Mean of the edge plane's ridge along the sides of a quad in the map's pixels; sides out of view do not count. */
function edgeSupport(map: FinderMap, quad: Quad): number {
  const { width, height } = map;
  const edge = planeOf(map, 'edge');
  let [sum, n] = [0, 0];
  quad.forEach((a, i) => {
    const b = quad[(i + 1) % 4] as Point;
    for (let s = 0; s < samples; s += 1) {
      const t = (s + 0.5) / samples;
      const [x, y] = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
      if (x < 1.5 || y < 1.5 || x > width - 1.5 || y > height - 1.5) continue;
      sum += sampleAt(edge, width, height, x, y);
      n += 1;
    }
  });
  return n === 0 ? 1 : sum / n;
}

/** 0..1: the part of a quad of the picture in which the map sees no sheet. */
export function shareBeyond(map: FinderMap, corners: Quad): number {
  const { width, height } = map;
  const quad = toMap(map, corners);
  const inside = planeOf(map, 'inside');
  let [beyond, n] = [0, 0];
  for (let u = 0.0125; u < 1; u += 0.025) {
    for (let v = 0.0125; v < 1; v += 0.025) {
      const [x, y] = inQuad(quad, u, v);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      n += 1;
      if (sampleAt(inside, width, height, x, y) < certainScore) beyond += 1;
    }
  }
  return n === 0 ? 0 : beyond / n;
}

/** Of the places within the quad: the mean probability of paper, or the part on which something is seen. */
function meanWithin(map: FinderMap, quad: Quad, channel: 'inside' | 'screen'): number {
  const { width, height } = map;
  const plane = planeOf(map, channel);
  let [sum, n] = [0, 0];
  for (let u = 0.04; u < 1; u += 0.04) {
    for (let v = 0.04; v < 1; v += 0.04) {
      const [x, y] = inQuad(quad, u, v);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const p = sampleAt(plane, width, height, x, y);
      sum += channel === 'inside' ? p : Number(p > certainScore);
      n += 1;
    }
  }
  return n === 0 ? 0 : sum / n;
}

function inQuad([tl, tr, br, bl]: Quad, u: number, v: number): Point {
  const at = (k: 0 | 1): number =>
    (1 - v) * ((1 - u) * tl[k] + u * tr[k]) + v * ((1 - u) * bl[k] + u * br[k]);
  return [at(0), at(1)];
}

/** Rows from top to bottom, within a row from left to right; sheets share a row when their middles' heights do. */
export function inReadingOrder<T extends { corners: Quad }>(sheets: readonly T[]): T[] {
  const placed = sheets.map((sheet) => {
    const ys = sheet.corners.map(([, y]) => y);
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const x = sheet.corners.reduce((sum, p) => sum + p[0], 0) / 4;
    return { sheet, x, middle: (top + bottom) / 2, high: bottom - top };
  });
  const rows: (typeof placed)[] = [];
  for (const item of placed.sort((a, b) => a.middle - b.middle)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row && first && item.middle - first.middle < 0.5 * Math.min(item.high, first.high)) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.x - b.x).map(({ sheet }) => sheet));
}
