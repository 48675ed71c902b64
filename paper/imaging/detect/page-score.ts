/** Judges how well a quad's four sides are borne out by the picture. Pure arithmetic on a small Lab picture. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { distance, isConvex, signedArea, trueAspect } from '../geometry.ts';
import type { Picture } from '../picture.ts';

export interface QuadScore {
  quad: Quad;
  /** 0..about 1.2; true pages score above 0.7 even on pale desks, cats and empty desks below 0.5. */
  score: number;
  /** Support of each side, 0..1, top right bottom left. */
  sides: [number, number, number, number];
}

const samplesPerSide = 36;
/** A step of this many Lab units across a side counts as full evidence; pale paper on a pale desk gives 4 to 6. */
const fullEdgeStep = 10;
/** For like paper on like paper: that much is seen where nothing but a shadow parts them. */
export const faintStep = 3;
/** A side beyond the picture's edge is neither proved nor disproved. */
const unseenSupport = 0.3;

export interface ScoreContext {
  /** Small blurred Lab picture. */
  lab: Picture;
  paperSizes: readonly PaperSize[];
}

export function scoreQuad(quad: Quad, { lab, paperSizes }: ScoreContext): QuadScore | undefined {
  const { width, height } = lab;
  if (!isConvex(quad)) return undefined;
  const share = Math.abs(signedArea(quad)) / (width * height);
  if (share < 0.035 || share > 1.02) return undefined;
  const margin = 0.06 * Math.max(width, height);
  for (const [x, y] of quad) {
    if (x < -margin || y < -margin || x > width + margin || y > height + margin) return undefined;
  }
  if (!hasPlausibleAngles(quad)) return undefined;
  const sides = [0, 1, 2, 3].map((i) =>
    sideSupport(lab, quad[i] as Point, quad[(i + 1) % 4] as Point),
  ) as QuadScore['sides'];
  const mean = (sides[0] + sides[1] + sides[2] + sides[3]) / 4;
  const least = Math.min(...sides);
  const score =
    0.45 * mean +
    0.4 * least +
    0.12 * Math.sqrt(Math.min(1, share)) +
    0.15 * aspectFit(quad, lab, paperSizes);
  return { quad, score, sides };
}

/** Perspective under a document camera or a hand-held phone leaves the angles of a page within these bounds. */
function hasPlausibleAngles(quad: Quad): boolean {
  for (let i = 0; i < 4; i += 1) {
    const a = quad[(i + 3) % 4] as Point;
    const b = quad[i] as Point;
    const c = quad[(i + 1) % 4] as Point;
    const cos =
      ((a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1])) /
      (distance(a, b) * distance(c, b) || 1);
    if (Math.abs(cos) > 0.5) return false;
  }
  return true;
}

/** 1 when the aspect agrees with a candidate paper, falling to 0 at some 12 % off. */
export function aspectFit(quad: Quad, lab: Picture, paperSizes: readonly PaperSize[]): number {
  const aspect = Math.log(trueAspect(quad, lab.width, lab.height));
  let best = Infinity;
  for (const { widthMm, heightMm } of paperSizes) {
    const size = Math.log(widthMm / heightMm);
    best = Math.min(best, Math.abs(aspect - size), Math.abs(aspect + size));
  }
  return Math.exp(-((best / 0.07) ** 2));
}

/**
 * Part of a side along which the colour just inside differs from the colour just outside. A printed frame has paper on
 * both sides of its line and gets little; a page's edge gets much, at whatever brightness.
 */
export function sideSupport(lab: Picture, a: Point, b: Point, fullStep = fullEdgeStep): number {
  const length = distance(a, b) || 1;
  // Corners are ordered clockwise, so the outside lies to the left of the way of travel.
  const nx = (b[1] - a[1]) / length;
  const ny = -(b[0] - a[0]) / length;
  let total = 0;
  let steps = 0;
  const signed: [number, number, number] = [0, 0, 0];
  const each: { near: Triple; far: Triple }[] = [];
  for (let i = 0; i < samplesPerSide; i += 1) {
    const t = 0.04 + (0.92 * (i + 0.5)) / samplesPerSide;
    const x = a[0] + t * (b[0] - a[0]);
    const y = a[1] + t * (b[1] - a[1]);
    const near = stepAcross(lab, x, y, nx, ny, nearPx);
    const far = stepAcross(lab, x, y, nx, ny, farPx);
    if (!near) {
      total += unseenSupport;
      continue;
    }
    each.push({ near, far: far ?? near });
    for (let c = 0; c < 3; c += 1)
      signed[c] = (signed[c] as number) + (near[c] as number) + ((far ?? near)[c] as number);
    steps += 1;
  }
  if (steps === 0) return unseenSupport;
  const size = Math.hypot(...signed) || 1;
  const along = (step: Triple): number =>
    (step[0] * signed[0] + step[1] * signed[1] + step[2] * signed[2]) / size;
  for (const { near, far } of each) {
    // Only what points the same way as the side's mean step counts: texture and text cancel out. The step must hold
    // near and farther away: behind a printed line the paper goes on.
    total += Math.min(1, Math.max(0, Math.min(along(near), along(far)) / fullStep));
  }
  return total / samplesPerSide;
}

/** Distances from the side, in pixels of the small picture. */
const nearPx = [2, 4] as const;
const farPx = [8, 11] as const;
type Triple = [number, number, number];

/** Mean colour inside minus mean colour outside; undefined where either lies beyond the picture. */
function stepAcross(
  lab: Picture,
  x: number,
  y: number,
  nx: number,
  ny: number,
  distances: readonly number[],
): Triple | undefined {
  const step: Triple = [0, 0, 0];
  for (const d of distances) {
    const inside = colourAt(lab, x - d * nx, y - d * ny);
    const outside = colourAt(lab, x + d * nx, y + d * ny);
    if (inside < 0 || outside < 0) return undefined;
    // 8-bit Lab stretches lightness 0..100 to 0..255.
    step[0] += ((lab.data[inside] as number) - (lab.data[outside] as number)) / 2.55 / distances.length;
    step[1] += ((lab.data[inside + 1] as number) - (lab.data[outside + 1] as number)) / distances.length;
    step[2] += ((lab.data[inside + 2] as number) - (lab.data[outside + 2] as number)) / distances.length;
  }
  return step;
}

function colourAt({ width, height }: Picture, x: number, y: number): number {
  const px = Math.round(x);
  const py = Math.round(y);
  return px < 0 || py < 0 || px >= width || py >= height ? -1 : (py * width + px) * 3;
}
