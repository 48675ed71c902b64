/**
 * Quads around a rough one: for each of its sides the straight edges that run beside it, and every four of them that make
 * a sheet. Tells a sheet from the outline that it shares with a like sheet beneath. Pure.
 */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, intersect, isConvex, lineThrough } from '../geometry.ts';
import type { Line2 } from '../geometry.ts';
import { faintStep, sideSupport } from './page-score.ts';
import type { Picture } from '../picture.ts';

const samples = 56;
/** How far an edge may lie from the rough side: in parts of the picture's diagonal, and of the quad's shorter side. */
const reachDiagonal = 0.09;
const reachSide = 0.24;
/** Pixels between two offsets of a side's end. */
const bin = 2;
/** tan of the greatest angle between an edge and the rough side: a sheet beneath lies up to some 9° askew. */
const maxSlope = 0.19;
/** Of so many lines with most votes, those that part paper from something else are kept: printed frames have votes too. */
const peaksPerSide = 14;
const edgesPerSide = 5;
/** Two edges whose ends lie nearer than this are one. */
const samePx = 5;
/** Lab units: a weaker step is paper's own shading, a stronger one says no more. */
const minStep = 1.2;
const fullEdgeStep = 6;
/** What a degree of crookedness costs against the support of the sides, while quads are sifted. */
const straightWorth = 0.06;

/** An edge beside one side of the rough quad. */
interface SideEdge {
  line: Line2;
  /** 0..1: along how much of the side paper is told from what lies beyond. */
  support: number;
}

/** Best first, at most `most`; in pixels of `lab`, a small blurred 8-bit Lab picture. */
export function quadsAround(lab: Picture, rough: Quad, most: number): Quad[] {
  const sides = [0, 1, 2, 3].map((i) => edgesBeside(lab, rough, i));
  const found: { quad: Quad; worth: number }[] = [];
  const [tops, rights, bottoms, lefts] = sides as [SideEdge[], SideEdge[], SideEdge[], SideEdge[]];
  for (const top of tops)
    for (const right of rights)
      for (const bottom of bottoms)
        for (const left of lefts) {
          const quad = quadOf(top.line, right.line, bottom.line, left.line);
          if (!quad) continue;
          const support = (top.support + right.support + bottom.support + left.support) / 4;
          found.push({ quad, worth: support - straightWorth * crookedness(quad) });
        }
  return found
    .sort((a, b) => b.worth - a.worth)
    .slice(0, most)
    .map(({ quad }) => quad);
}

function quadOf(top: Line2, right: Line2, bottom: Line2, left: Line2): Quad | undefined {
  const corners = [
    intersect(left, top),
    intersect(top, right),
    intersect(right, bottom),
    intersect(bottom, left),
  ];
  if (corners.some((corner) => corner === undefined)) return undefined;
  const quad = corners as Quad;
  return isConvex(quad) ? quad : undefined;
}

/** Root mean square of the corners' deviations from a right angle, in degrees. */
export function crookedness(quad: Quad): number {
  let squares = 0;
  for (let i = 0; i < 4; i += 1) {
    const [a, b, c] = [quad[(i + 3) % 4] as Point, quad[i] as Point, quad[(i + 1) % 4] as Point];
    const cos =
      ((a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1])) /
      (distance(a, b) * distance(c, b) || 1);
    squares += Math.asin(Math.max(-1, Math.min(1, cos))) ** 2;
  }
  return (Math.sqrt(squares / 4) * 180) / Math.PI;
}

/** Steps of colour across the side vote for the lines that they may lie on (a Hough transform over both ends' offsets). */
function edgesBeside(lab: Picture, rough: Quad, side: number): SideEdge[] {
  const [a, b] = [rough[side] as Point, rough[(side + 1) % 4] as Point];
  const length = distance(a, b) || 1;
  const across = Math.min(...rough.map((p, i) => distance(p, rough[(i + 1) % 4] as Point)));
  const reach = Math.max(
    12,
    Math.round(Math.min(reachDiagonal * Math.hypot(lab.width, lab.height), reachSide * across)),
  );
  const n: Point = [(b[1] - a[1]) / length, -(b[0] - a[0]) / length];
  const bins = 2 * Math.floor(reach / bin) + 1;
  const half = (bins - 1) / 2;
  // Paper brighter than what lies beyond, and darker: one line is of one kind.
  const votes = [new Float32Array(bins * bins), new Float32Array(bins * bins)];
  for (let s = 0; s < samples; s += 1) {
    const t = 0.03 + (0.94 * (s + 0.5)) / samples;
    const at: Point = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
    for (const { d, weight, sign } of stepsAcross(lab, at, n, reach)) {
      const plane = votes[sign > 0 ? 0 : 1] as Float32Array;
      for (let i = 0; i < bins; i += 1) {
        const da = (i - half) * bin;
        const db = (d - (1 - t) * da) / t;
        // Near the side's first end the other end's offset is not told by one sample: its share is spread.
        if (Math.abs(db - da) > maxSlope * length) continue;
        const j = db / bin + half;
        const j0 = Math.floor(j);
        if (j0 < 0 || j0 >= bins - 1) continue;
        const part = j - j0;
        const k = i * bins + j0;
        plane[k] = (plane[k] as number) + weight * (1 - part);
        plane[k + 1] = (plane[k + 1] as number) + weight * part;
      }
    }
  }
  const edgeBetween = (from: Point, to: Point): SideEdge => ({
    line: lineThrough(from, to),
    support: sideSupport(lab, from, to, faintStep),
  });
  const found = strongest(votes, bins).map(({ i, j }): SideEdge => {
    const [da, db] = [(i - half) * bin, (j - half) * bin];
    return edgeBetween([a[0] + da * n[0], a[1] + da * n[1]], [b[0] + db * n[0], b[1] + db * n[1]]);
  });
  found.sort((p, q) => q.support - p.support);
  // Where paper lies upon like paper, the network may see a side that no step of colour votes for.
  return [...found.slice(0, edgesPerSide), edgeBetween(a, b)];
}

/** Places along the normal where the colour steps most, from the inside outwards. */
function stepsAcross(
  lab: Picture,
  [x, y]: Point,
  [nx, ny]: Point,
  reach: number,
): { d: number; weight: number; sign: number }[] {
  const wide = 3;
  const count = 2 * (reach + wide) + 1;
  const line = new Float32Array(3 * count);
  let seen = 0;
  for (let i = 0; i < count; i += 1) {
    const d = i - reach - wide;
    const px = Math.round(x + d * nx);
    const py = Math.round(y + d * ny);
    const isIn = px >= 0 && py >= 0 && px < lab.width && py < lab.height;
    if (isIn) seen += 1;
    // Beyond the picture its rim repeats, so that an edge close to the rim is seen and the rim itself is none.
    const k = (clamp(py, lab.height) * lab.width + clamp(px, lab.width)) * 3;
    for (let c = 0; c < 3; c += 1) line[3 * i + c] = (lab.data[k + c] as number) / (c === 0 ? 2.55 : 1);
  }
  if (seen < count / 3) return [];
  const sizes = new Float32Array(2 * reach + 1);
  const signs = new Int8Array(2 * reach + 1);
  for (let i = 0; i < sizes.length; i += 1) {
    let squares = 0;
    for (let c = 0; c < 3; c += 1) {
      let step = 0;
      for (let w = 1; w <= wide; w += 1)
        step += (line[3 * (i + wide - w) + c] as number) - (line[3 * (i + wide + w) + c] as number);
      step /= wide;
      squares += step * step;
      if (c === 0) signs[i] = step >= 0 ? 1 : -1;
    }
    sizes[i] = Math.sqrt(squares);
  }
  const steps: { d: number; weight: number; sign: number }[] = [];
  for (let i = 1; i < sizes.length - 1; i += 1) {
    const size = sizes[i] as number;
    if (size < minStep || size < (sizes[i - 1] as number) || size <= (sizes[i + 1] as number)) continue;
    steps.push({ d: i - reach, weight: Math.min(1, size / fullEdgeStep), sign: signs[i] as number });
  }
  return steps;
}

const clamp = (at: number, size: number): number => Math.max(0, Math.min(size - 1, at));

function strongest(planes: readonly Float32Array[], bins: number): { i: number; j: number; value: number }[] {
  const peaks: { i: number; j: number; value: number }[] = [];
  for (const plane of planes) {
    for (let i = 1; i < bins - 1; i += 1)
      for (let j = 1; j < bins - 1; j += 1) {
        const k = i * bins + j;
        const value = plane[k] as number;
        if (value < 0.15 * samples * 0.5) continue;
        const isPeak =
          value >= (plane[k - 1] as number) &&
          value > (plane[k + 1] as number) &&
          value >= (plane[k - bins] as number) &&
          value > (plane[k + bins] as number);
        if (isPeak) peaks.push({ i, j, value });
      }
  }
  const kept: typeof peaks = [];
  for (const peak of peaks.sort((p, q) => q.value - p.value)) {
    const isNew = kept.every(
      ({ i, j }) => Math.max(Math.abs(i - peak.i), Math.abs(j - peak.j)) * bin > samePx,
    );
    if (isNew) kept.push(peak);
    if (kept.length === peaksPerSide) break;
  }
  return kept;
}
