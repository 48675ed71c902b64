/** Sharpens a rough quad: each side is fitted again to the edge in the full-size picture. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, distanceToLine, fitLine, intersect } from '../geometry.ts';
import type { Line2 } from '../geometry.ts';
import type { GreyPicture, Picture } from '../picture.ts';

const profilesPerSide = 64;

/** Brightness by pixel, counted row by row. Only pixels beside the sides are asked for. */
export interface LightMap {
  width: number;
  height: number;
  at: (pixel: number) => number;
}

/** Grey by the weights of ITU-R BT.601, worked out where it is asked for. */
export function lightOf({ data, width, height }: Picture): LightMap {
  return {
    width,
    height,
    at: (pixel) => {
      const k = 3 * pixel;
      return (
        (77 * (data[k] as number) + 150 * (data[k + 1] as number) + 29 * (data[k + 2] as number) + 128) >> 8
      );
    },
  };
}

export const lightOfGrey = ({ data, width, height }: GreyPicture): LightMap => ({
  width,
  height,
  at: (pixel) => data[pixel] as number,
});

/** `reachPx` is how far the true edge may lie from the rough one, in pixels of `light`. */
export function refineCorners(light: LightMap, rough: Quad, reachPx: number): Quad {
  const lines = [0, 1, 2, 3].map((i) =>
    refineSide(light, rough[i] as Point, rough[(i + 1) % 4] as Point, reachPx),
  );
  const corners = [0, 1, 2, 3].map((i) => {
    const before = lines[(i + 3) % 4];
    const after = lines[i];
    const corner = before && after ? intersect(before, after) : undefined;
    const old = rough[i] as Point;
    return corner && distance(corner, old) < 3 * reachPx ? corner : old;
  });
  return corners as Quad;
}

/** Of a side, next to a corner: what the corner is fitted to alone. */
const endShare = 0.15;
/** Sides bow and sheets are folded: so far from the straight side, in parts of the quad's diagonal, its end may lie. */
const endReach = 0.009;
/** How far the ends of the sides may bring a corner away from where the whole sides meet, in the same parts. */
const maxShift = 0.03;

/** Corners brought to the edges near them. If one jumped away it fitted something else (text, a shadow): all stay rough. */
export function fitToEdges(light: LightMap, rough: Quad, reachPx: number): FittedCorners {
  const sharp = refineCorners(light, rough, reachPx);
  const isNear = sharp.every((p, i) => distance(p, rough[i] as Point) < 2 * reachPx);
  return settleEnds(light, isNear ? sharp : rough);
}

/** `refitEnds` again and again while corners still move: where a side bows, each step brings the next end into view. */
function settleEnds(light: LightMap, quad: Quad): FittedCorners {
  let fitted = refitEnds(light, quad);
  for (let again = 1; again < maxRefits; again += 1) {
    const next = refitEnds(light, fitted.corners);
    const { corners } = fitted;
    fitted = { corners: next.corners, seen: next.seen.map((seen, i) => seen || fitted.seen[i] === true) };
    if (next.corners.every((p, i) => distance(p, corners[i] as Point) < 0.5)) break;
  }
  return fitted;
}

const maxRefits = 4;

export interface FittedCorners {
  corners: Quad;
  /** Of each corner: both of its sides were found right up to it. */
  seen: boolean[];
}

/**
 * Fits each corner once more, to the ends of its two sides alone: a side that bows, or a sheet that was folded, has no one
 * straight line, and the line through its middle passes by its corners.
 */
export function refitEnds(light: LightMap, quad: Quad): FittedCorners {
  const diagonal = Math.max(distance(quad[0], quad[2]), distance(quad[1], quad[3]));
  const reach = endReach * diagonal;
  const toward = (from: Point, to: Point): Point => [
    from[0] + endShare * (to[0] - from[0]),
    from[1] + endShare * (to[1] - from[1]),
  ];
  const met = quad.map((corner, i) => {
    const before = refineSide(light, toward(corner, quad[(i + 3) % 4] as Point), corner, reach);
    const after = refineSide(light, corner, toward(corner, quad[(i + 1) % 4] as Point), reach);
    const crossing = before && after ? intersect(before, after) : undefined;
    return crossing && distance(crossing, corner) < maxShift * diagonal ? crossing : undefined;
  });
  return {
    corners: met.map((corner, i) => corner ?? (quad[i] as Point)) as Quad,
    seen: met.map((corner) => corner !== undefined),
  };
}

function refineSide(light: LightMap, a: Point, b: Point, reachPx: number): Line2 | undefined {
  const length = distance(a, b);
  if (length < 20) return undefined;
  const nx = (b[1] - a[1]) / length;
  const ny = -(b[0] - a[0]) / length;
  const reach = Math.max(4, Math.round(reachPx));
  const points: Point[] = [];
  const weights: number[] = [];
  // The sign of the step is the same along the whole side (paper against desk): vote for it first.
  const profiles: { x: number; y: number; profile: Float32Array }[] = [];
  for (let i = 0; i < profilesPerSide; i += 1) {
    const t = 0.03 + (0.94 * (i + 0.5)) / profilesPerSide;
    const x = a[0] + t * (b[0] - a[0]);
    const y = a[1] + t * (b[1] - a[1]);
    const profile = gradientProfile(light, x, y, nx, ny, reach);
    if (profile) profiles.push({ x, y, profile });
  }
  if (profiles.length < profilesPerSide / 4) return undefined;
  let balance = 0;
  for (const { profile } of profiles) {
    let strongest = 0;
    for (const g of profile) if (Math.abs(g) > Math.abs(strongest)) strongest = g;
    balance += Math.sign(strongest);
  }
  const sign = balance >= 0 ? 1 : -1;
  for (const { x, y, profile } of profiles) {
    let best = -1;
    let bestValue = 0;
    profile.forEach((g, i) => {
      // A mild pull towards the rough side keeps printed frames and desk texture from winning.
      const value = g * sign * (1 - (0.4 * Math.abs(i - reach)) / reach);
      if (value > bestValue) {
        bestValue = value;
        best = i;
      }
    });
    if (best < 0 || bestValue < 1.5) continue;
    const before = Math.max(0, (profile[best - 1] ?? 0) * sign);
    const after = Math.max(0, (profile[best + 1] ?? 0) * sign);
    const middle = (profile[best] as number) * sign;
    const bend = before - 2 * middle + after;
    const sub = bend < 0 ? (0.5 * (before - after)) / bend : 0;
    const d = best - reach + Math.max(-0.5, Math.min(0.5, sub));
    points.push([x + d * nx, y + d * ny]);
    weights.push(Math.min(20, bestValue));
  }
  if (points.length < profilesPerSide / 4) return undefined;
  return robustLine(points, weights);
}

/** Finds the line most points agree on (all pairs from a coarse grid), then fits the agreeing points. */
function robustLine(points: Point[], weights: number[]): Line2 | undefined {
  let bestVote = 0;
  let best: Line2 | undefined;
  const step = Math.max(1, Math.floor(points.length / 16));
  for (let i = 0; i < points.length; i += step) {
    for (let j = i + 3 * step; j < points.length; j += step) {
      const p = points[i] as Point;
      const q = points[j] as Point;
      const span = distance(p, q) || 1;
      const line: Line2 = { point: p, direction: [(q[0] - p[0]) / span, (q[1] - p[1]) / span] };
      let vote = 0;
      points.forEach((point, k) => {
        if (distanceToLine(point, line) < 2) vote += weights[k] as number;
      });
      if (vote > bestVote) {
        bestVote = vote;
        best = line;
      }
    }
  }
  if (!best) return undefined;
  for (let round = 0; round < 3; round += 1) {
    const line: Line2 = best;
    const kept = points
      .map((point, i) => ({ point, weight: weights[i] as number }))
      .filter(({ point }) => distanceToLine(point, line) < 2.5);
    if (kept.length < 8) return best;
    best =
      fitLine(
        kept.map((k) => k.point),
        kept.map((k) => k.weight),
      ) ?? best;
  }
  return best;
}

/** Derivative of brightness along the normal, index `reach` is the rough side; averaged over 5 px along the side. */
function gradientProfile(
  light: LightMap,
  x: number,
  y: number,
  nx: number,
  ny: number,
  reach: number,
): Float32Array | undefined {
  const size = 2 * reach + 1;
  const values = new Float32Array(size + 4);
  for (let i = 0; i < values.length; i += 1) {
    const d = i - reach - 2;
    let total = 0;
    for (let k = -2; k <= 2; k += 1) {
      // The side's own direction is the normal turned by a quarter.
      const value = bilinear(light, x + d * nx - k * ny, y + d * ny + k * nx);
      if (value === undefined) return undefined;
      total += value;
    }
    values[i] = total / 5;
  }
  const profile = new Float32Array(size);
  for (let i = 0; i < size; i += 1) {
    const outer = (values[i + 4] as number) + (values[i + 3] as number);
    const inner = (values[i] as number) + (values[i + 1] as number);
    profile[i] = (inner - outer) / 2;
  }
  return profile;
}

function bilinear({ at, width, height }: LightMap, x: number, y: number): number | undefined {
  // Beyond the picture the nearest pixel repeats: a page that touches the picture's edge has no step there.
  if (x < -24 || y < -24 || x > width + 23 || y > height + 23) return undefined;
  const cx = Math.max(0, Math.min(width - 1.001, x));
  const cy = Math.max(0, Math.min(height - 1.001, y));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const fy = cy - y0;
  const k = y0 * width + x0;
  const top = at(k) * (1 - fx) + at(k + 1) * fx;
  const bottom = at(k + width) * (1 - fx) + at(k + width + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}
