/**
 * A printed frame is a strong line and no edge of the paper. Where lines of text stand beyond a side of the found page, on paper
 * of the same colour, that side moves out: past the text, to the next edge or to the picture's rim. Pure.
 */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, intersect, lineThrough } from '../geometry.ts';
import type { Line2 } from '../geometry.ts';
import type { Picture } from '../picture.ts';

/** Parts of the picture's diagonal. */
const inside = [0.015, 0.03, 0.045] as const;
/** A frame is not wider than this; the paper goes on behind it. */
const behindFrame = [0.012, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07] as const;
/** Text farther off than this belongs to something else. */
const maxReach = 0.14;
/** Text whose middle lies nearer to the side than this may be printed on the frame itself. */
const minReach = 0.006;
/** What stays free between the text and the new side where no edge is found. */
const margin = 0.01;
const step = 0.004;

/** Of 255, the greatest difference of a channel between paper inside and outside of a frame; light falls off over a sheet. */
const samePaper = 32;
/** Of 255, the step of brightness that an edge of paper makes within two steps outward. */
const edgeStep = 22;
/** Lines of text that must stand beyond a side; one may be the label of something lying there. */
const minLines = 1;
/** Of the side: a single line must be this long. */
const minLineShare = 0.12;

/** Sides of the quad beyond which paper of the same colour shows, next to them or behind a frame: worth the look for text. */
export function sidesWithinPaper(small: Picture, quad: Quad): number[] {
  return [0, 1, 2, 3].filter((side) => {
    const within = medianOf(
      small,
      quad,
      side,
      inside.map((share) => -share),
    );
    return behindFrame.some((share) => {
      const beyond = medianOf(small, quad, side, [share]);
      return within && beyond && differenceOf(within, beyond) < samePaper;
    });
  });
}

/** The quad with the named sides moved past the text beyond them; the same quad where no text stands there. */
export function growPastFrame(
  small: Picture,
  quad: Quad,
  { sides, text }: { sides: readonly number[]; text: readonly Quad[] },
): Quad {
  const diagonal = Math.hypot(small.width, small.height);
  const lines = [0, 1, 2, 3].map((side): Line2 => {
    const [a, b] = sideOf(quad, side);
    return lineThrough(a, b);
  });
  let grown = false;
  for (const side of sides) {
    const reach = reachOf(quad, side, text, diagonal);
    if (reach === undefined) continue;
    const shift = edgeBeyond(small, quad, side, reach);
    const out = outwardOf(quad, side);
    const line = lines[side] as Line2;
    const [x, y] = line.point;
    lines[side] = { ...line, point: [x + out[0] * shift, y + out[1] * shift] };
    grown = true;
  }
  if (!grown) return quad;
  const corners = [0, 1, 2, 3].map((corner) =>
    intersect(lines[(corner + 3) % 4] as Line2, lines[corner] as Line2),
  );
  if (corners.some((corner) => corner === undefined)) return quad;
  return (corners as Point[]).map(([x, y]): Point => [
    Math.max(0, Math.min(small.width, x)),
    Math.max(0, Math.min(small.height, y)),
  ]) as Quad;
}

/** How far the text beyond a side reaches, in pixels; undefined where none of weight stands there. */
function reachOf(quad: Quad, side: number, text: readonly Quad[], diagonal: number): number | undefined {
  const [a, b] = sideOf(quad, side);
  const length = distance(a, b);
  const out = outwardOf(quad, side);
  const beyond = text.flatMap((box) => {
    const middle: Point = [mean(box.map(([x]) => x)), mean(box.map(([, y]) => y))];
    const off = (middle[0] - a[0]) * out[0] + (middle[1] - a[1]) * out[1];
    const along = ((middle[0] - a[0]) * (b[0] - a[0]) + (middle[1] - a[1]) * (b[1] - a[1])) / length;
    if (off < minReach * diagonal || off > maxReach * diagonal || along < 0 || along > length) return [];
    const farthest = Math.max(...box.map(([x, y]) => (x - a[0]) * out[0] + (y - a[1]) * out[1]));
    const extent = distance(box[0], box[1]);
    return [{ farthest, extent }];
  });
  const longest = Math.max(0, ...beyond.map(({ extent }) => extent));
  const isSome = beyond.length >= 2 || (beyond.length >= minLines && longest >= minLineShare * length);
  return isSome ? Math.max(...beyond.map(({ farthest }) => farthest)) : undefined;
}

/** From `reach` outward to the first step of brightness, else to the rim; pixels from the side. */
function edgeBeyond(small: Picture, quad: Quad, side: number, reach: number): number {
  const diagonal = Math.hypot(small.width, small.height);
  const lightAt = (share: number): number | undefined => {
    const colour = medianOf(small, quad, side, [share]);
    return colour && colour[0] + colour[1] + colour[2];
  };
  let before = lightAt(reach / diagonal);
  for (let share = reach / diagonal + step; share < maxReach + 0.06; share += step) {
    const light = lightAt(share);
    // Over the rim: the paper goes on to the picture's end.
    if (light === undefined) return share * diagonal;
    if (before !== undefined && Math.abs(light - before) / 3 > edgeStep) return (share - step / 2) * diagonal;
    before = lightAt(share - step);
  }
  return reach + margin * diagonal;
}

/** Median colour of strips along a side, `shares` of the diagonal outward from it; undefined mostly off the picture. */
function medianOf(
  { data, width, height }: Picture,
  quad: Quad,
  side: number,
  shares: readonly number[],
): [number, number, number] | undefined {
  const diagonal = Math.hypot(width, height);
  const [a, b] = sideOf(quad, side);
  const out = outwardOf(quad, side);
  const samples: [number, number, number][] = [];
  const count = 60;
  for (const share of shares) {
    for (let i = 0; i < count; i += 1) {
      const along = 0.06 + (0.88 * i) / (count - 1);
      const x = Math.round(a[0] + (b[0] - a[0]) * along + out[0] * share * diagonal);
      const y = Math.round(a[1] + (b[1] - a[1]) * along + out[1] * share * diagonal);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const k = 3 * (y * width + x);
      samples.push([data[k] as number, data[k + 1] as number, data[k + 2] as number]);
    }
  }
  if (samples.length < shares.length * count * 0.5) return undefined;
  const middle = Math.floor(samples.length / 2);
  return [0, 1, 2].map((c) => samples.map((sample) => sample[c] as number).sort((m, n) => m - n)[middle]) as [
    number,
    number,
    number,
  ];
}

function sideOf(quad: Quad, side: number): [Point, Point] {
  return [quad[side] as Point, quad[(side + 1) % 4] as Point];
}

/** Unit vector that leaves the quad through a side; corners run clockwise. */
function outwardOf(quad: Quad, side: number): Point {
  const [a, b] = sideOf(quad, side);
  const length = distance(a, b) || 1;
  return [(b[1] - a[1]) / length, -(b[0] - a[0]) / length];
}

const differenceOf = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
