/** A photograph of a page as a document camera takes it: a mat, a little perspective, uneven light, noise, JPEG. */
import sharp from 'sharp';
import type { Point, Quad } from '#domain/reading/schema.ts';

export interface Photograph {
  jpeg: Uint8Array;
  /** Where the page's corners are, clockwise from its own top left. */
  corners: Quad;
}

export interface PhotographOptions {
  widthPx?: number;
  heightPx?: number;
  /** Rotation of the page on the mat, clockwise. */
  turnDeg?: number;
  /** Part of the frame's height (or width) that the page fills. */
  fill?: number;
  /** How much narrower the far edge is, 0..0.1. */
  tilt?: number;
  mat?: [number, number, number];
  seed?: number;
}

export async function photograph(
  page: { png: Uint8Array; widthMm: number; heightMm: number },
  options: PhotographOptions = {},
): Promise<Photograph> {
  const {
    widthPx = 3264,
    heightPx = 2448,
    turnDeg = 2,
    fill = 0.86,
    tilt = 0.03,
    mat = [46, 50, 54],
    seed = 1,
  } = options;
  const source = await sharp(page.png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const corners = placeCorners(page, { widthPx, heightPx, turnDeg, fill, tilt });
  const toPage = homography(corners, [
    [0, 0],
    [source.info.width - 1, 0],
    [source.info.width - 1, source.info.height - 1],
    [0, source.info.height - 1],
  ]);
  const random = createRandom(seed);
  const out = Buffer.alloc(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [u, v] = apply(toPage, x, y);
      const light = 0.82 + 0.16 * (1 - Math.hypot(x / widthPx - 0.45, y / heightPx - 0.4)) + 0;
      const noise = (random() - 0.5) * 7;
      const at = (y * widthPx + x) * 3;
      const inside = u >= 0 && v >= 0 && u < source.info.width - 1 && v < source.info.height - 1;
      for (let channel = 0; channel < 3; channel++) {
        const value = inside
          ? bilinear(source.data, source.info.width, u, v, channel)
          : (mat[channel] ?? 0) + ((x * 7 + y * 13) % 11) - 5;
        out[at + channel] = Math.max(0, Math.min(255, value * light + noise));
      }
    }
  }
  const jpeg = await sharp(out, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .blur(0.6)
    .jpeg({ quality: 90 })
    .toBuffer();
  return { jpeg, corners };
}

function placeCorners(
  page: { widthMm: number; heightMm: number },
  { widthPx, heightPx, turnDeg, fill, tilt }: Required<Omit<PhotographOptions, 'mat' | 'seed'>>,
): Quad {
  const angle = (turnDeg * Math.PI) / 180;
  const boundWidth = Math.abs(page.widthMm * Math.cos(angle)) + Math.abs(page.heightMm * Math.sin(angle));
  const boundHeight = Math.abs(page.widthMm * Math.sin(angle)) + Math.abs(page.heightMm * Math.cos(angle));
  const scale = fill * Math.min(widthPx / boundWidth, heightPx / boundHeight);
  const place = (mmX: number, mmY: number): Point => {
    const x = (mmX - page.widthMm / 2) * scale;
    const y = (mmY - page.heightMm / 2) * scale;
    const turnedX = x * Math.cos(angle) - y * Math.sin(angle);
    const turnedY = x * Math.sin(angle) + y * Math.cos(angle);
    // The far edge (top of the frame) shrinks towards the middle.
    const shrink = 1 - tilt * (0.5 - turnedY / heightPx);
    return [widthPx / 2 + turnedX * shrink, heightPx / 2 + turnedY * shrink];
  };
  return [place(0, 0), place(page.widthMm, 0), place(page.widthMm, page.heightMm), place(0, page.heightMm)];
}

/** The 3x3 projective map that takes the corners of `from` to those of `to` (eight linear equations). */
function homography(from: Quad, to: Quad): number[] {
  const rows: number[][] = [];
  for (let i = 0; i < 4; i++) {
    const [x, y] = from[i] as Point;
    const [u, v] = to[i] as Point;
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  }
  for (let column = 0; column < 8; column++) {
    const pivot = rows.slice(column).reduce((best, row, index) => {
      const candidate = rows[best] as number[];
      return Math.abs(row[column] as number) > Math.abs(candidate[column] as number) ? index + column : best;
    }, column);
    [rows[column], rows[pivot]] = [rows[pivot] as number[], rows[column] as number[]];
    const pivotRow = rows[column] as number[];
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = (row[column] as number) / (pivotRow[column] as number);
      for (let k = column; k < 9; k++) row[k] = (row[k] as number) - factor * (pivotRow[k] as number);
    }
  }
  return [...rows.map((row, index) => (row[8] as number) / (row[index] as number)), 1];
}

function apply(map: number[], x: number, y: number): Point {
  const [a, b, c, d, e, f, g, h] = map as [number, number, number, number, number, number, number, number];
  const w = g * x + h * y + 1;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

function bilinear(data: Uint8Array, width: number, u: number, v: number, channel: number): number {
  const x = Math.floor(u);
  const y = Math.floor(v);
  const fx = u - x;
  const fy = v - y;
  const at = (column: number, row: number): number => data[(row * width + column) * 3 + channel] ?? 0;
  return (
    at(x, y) * (1 - fx) * (1 - fy) +
    at(x + 1, y) * fx * (1 - fy) +
    at(x, y + 1) * (1 - fx) * fy +
    at(x + 1, y + 1) * fx * fy
  );
}

function createRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
