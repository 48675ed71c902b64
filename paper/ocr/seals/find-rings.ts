/** Finds round seals: rings of red ink. Pure. */
import type { Point } from '#domain/reading/schema.ts';
import type { Picture } from '../../imaging/picture.ts';

/** A seal's outer edge; pixels of the page. */
export interface Ring {
  centre: Point;
  radius: number;
  /** The ring's own radius in each of `directions` directions, clockwise from the right: sheets bow, and stamps slip. */
  radii: Float32Array;
}

/** The page is searched at this length of its longer side: the stroke of a seal's ring is two pixels wide there. */
const searchPx = 900;
/** Redder than this, of 255, is ink; faint stamps on grey paper reach twice as much. */
const inkRedness = 28;
/** What a seal's letters, ring and star lie apart, at the search's size. */
const joinPx = 4;
/** Diameters of a seal, in parts of the page's longer side: 30 mm on A3 to 45 mm on a card's sheet. */
const [minShare, maxShare] = [0.05, 0.34];
export const directions = 120;
/** Of the radius: how far the ring may lie off a circle. */
const offCircle = 0.05;
/** Part of the directions in which the ring must be seen; black print over it and a faint stamp hide some. */
const minSeen = 0.6;
/** The ring is a stroke: between it and the star the page shows. Part of the disc that is ink at most. */
const maxInk = 0.6;

/** How much redder than its other colours a pixel is, 0..255; black ink and paper are near 0. */
export function rednessAt(data: Uint8Array, k: number): number {
  return Math.max(0, (data[k] as number) - Math.max(data[k + 1] as number, data[k + 2] as number));
}

/** The largest first. */
export function findRings(page: Picture): Ring[] {
  const step = Math.max(1, Math.max(page.width, page.height) / searchPx);
  const ink = inkOf(page, step);
  const longer = Math.max(ink.width, ink.height);
  return blobsOf(joined(ink))
    .filter(({ x0, y0, x1, y1 }) => {
      const [across, down] = [x1 - x0 + 1, y1 - y0 + 1];
      const isRound = Math.max(across, down) < 1.35 * Math.min(across, down);
      return isRound && across >= minShare * longer && across <= maxShare * longer;
    })
    .flatMap((blob) => ringOf(ink, blob) ?? [])
    .map(({ centre: [x, y], radius, radii }): Ring => ({
      centre: [x * step, y * step],
      radius: radius * step,
      radii: radii.map((r) => r * step),
    }))
    .sort((a, b) => b.radius - a.radius);
}

interface Mask {
  data: Uint8Array;
  width: number;
  height: number;
}

function inkOf({ data, width, height }: Picture, step: number): Mask {
  const [w, h] = [Math.floor(width / step), Math.floor(height / step)];
  const mask = new Uint8Array(w * h);
  const taps = Math.max(1, Math.min(3, Math.round(step)));
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      let sum = 0;
      for (let j = 0; j < taps; j += 1)
        for (let i = 0; i < taps; i += 1) {
          const px = Math.min(width - 1, Math.floor((x + (i + 0.5) / taps) * step));
          const py = Math.min(height - 1, Math.floor((y + (j + 0.5) / taps) * step));
          sum += rednessAt(data, (py * width + px) * 3);
        }
      mask[y * w + x] = sum / (taps * taps) >= inkRedness ? 1 : 0;
    }
  }
  return { data: mask, width: w, height: h };
}

/** Ink grown on all sides, so that one seal's parts touch. */
function joined({ data, width, height }: Mask): Mask {
  const rows = spread(data, { count: height, length: width, next: 1, over: width });
  const both = spread(rows, { count: width, length: height, next: width, over: 1 });
  return { data: both, width, height };
}

function spread(
  data: Uint8Array,
  { count, length, next, over }: { count: number; length: number; next: number; over: number },
): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let line = 0; line < count; line += 1) {
    let until = -1;
    for (let i = -joinPx; i < length; i += 1) {
      const ahead = i + joinPx;
      if (ahead < length && data[line * over + ahead * next] === 1) until = ahead + joinPx;
      if (i >= 0 && i <= until) out[line * over + i * next] = 1;
    }
  }
  return out;
}

interface Blob {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

function blobsOf({ data, width, height }: Mask): Blob[] {
  const seen = new Uint8Array(data.length);
  const blobs: Blob[] = [];
  const waiting: number[] = [];
  for (let seed = 0; seed < data.length; seed += 1) {
    if (data[seed] === 0 || seen[seed] === 1) continue;
    const blob = { x0: width, y0: height, x1: 0, y1: 0 };
    seen[seed] = 1;
    waiting.push(seed);
    while (waiting.length > 0) {
      const at = waiting.pop() as number;
      const x = at % width;
      const y = (at - x) / width;
      blob.x0 = Math.min(blob.x0, x);
      blob.x1 = Math.max(blob.x1, x);
      blob.y0 = Math.min(blob.y0, y);
      blob.y1 = Math.max(blob.y1, y);
      for (const [nx, ny] of [
        [x - 1, y],
        [x + 1, y],
        [x, y - 1],
        [x, y + 1],
      ] as const) {
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
        const next = ny * width + nx;
        if (data[next] === 0 || seen[next] === 1) continue;
        seen[next] = 1;
        waiting.push(next);
      }
    }
    blobs.push(blob);
  }
  return blobs;
}

/** The circle that the outermost ink lies on; undefined where it does not lie on one. */
function ringOf(ink: Mask, blob: Blob): Ring | undefined {
  let circle: Pick<Ring, 'centre' | 'radius'> = {
    centre: [(blob.x0 + blob.x1) / 2, (blob.y0 + blob.y1) / 2],
    radius: (blob.x1 - blob.x0 + blob.y1 - blob.y0) / 4 - joinPx,
  };
  let near: Point[] = [];
  for (let round = 0; round < 4; round += 1) {
    const { centre, radius } = circle;
    const outermost = outermostOf(ink, centre, radius * 1.25);
    const reach = radius * (round === 0 ? 0.25 : offCircle);
    near = outermost.filter(
      (point): point is Point =>
        point !== undefined &&
        Math.abs(Math.hypot(point[0] - centre[0], point[1] - centre[1]) - radius) < reach,
    );
    const fitted = near.length < 0.4 * directions ? undefined : circleThrough(near);
    if (!fitted) return undefined;
    circle = fitted;
  }
  const { centre, radius } = circle;
  if (near.length < minSeen * directions || inkShare(ink, centre, radius) > maxInk) return undefined;
  return { centre, radius, radii: radiiOf(ink, centre, radius) };
}

/** The farthest ink from the middle in each direction, within `reach`. */
function outermostOf({ data, width, height }: Mask, [cx, cy]: Point, reach: number): (Point | undefined)[] {
  return Array.from({ length: directions }, (_, d) => {
    const angle = (2 * Math.PI * d) / directions;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    for (let r = reach; r > reach / 3; r -= 0.5) {
      const [x, y] = [Math.round(cx + c * r), Math.round(cy + s * r)];
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      if (data[y * width + x] === 1) return [cx + c * r, cy + s * r];
    }
    return undefined;
  });
}

/** Least squares of x² + y² + ax + by + c (Kåsa 1976). */
function circleThrough(points: readonly Point[]): Pick<Ring, 'centre' | 'radius'> | undefined {
  const n = points.length;
  const mx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let [uu, uv, vv, uz, vz] = [0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const [u, v] = [x - mx, y - my];
    const z = u * u + v * v;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    uz += u * z;
    vz += v * z;
  }
  const det = uu * vv - uv * uv;
  if (det < 1e-6) return undefined;
  const u = (uz * vv - vz * uv) / (2 * det);
  const v = (vz * uu - uz * uv) / (2 * det);
  return { centre: [mx + u, my + v], radius: Math.sqrt(u * u + v * v + (uu + vv) / n) };
}

function inkShare({ data, width, height }: Mask, [cx, cy]: Point, radius: number): number {
  let [ink, all] = [0, 0];
  for (let y = Math.max(0, Math.ceil(cy - radius)); y <= Math.min(height - 1, cy + radius); y += 1)
    for (let x = Math.max(0, Math.ceil(cx - radius)); x <= Math.min(width - 1, cx + radius); x += 1) {
      if (Math.hypot(x - cx, y - cy) > radius) continue;
      all += 1;
      ink += data[y * width + x] as number;
    }
  return all === 0 ? 1 : ink / all;
}

/** Where the ring is hidden, its neighbours say where it goes on. */
function radiiOf(ink: Mask, centre: Point, radius: number): Float32Array {
  const seen = outermostOf(ink, centre, radius * (1 + offCircle)).map((point) => {
    const r = point && Math.hypot(point[0] - centre[0], point[1] - centre[1]);
    return r !== undefined && r > radius * (1 - offCircle) ? r : undefined;
  });
  const about = 4;
  return Float32Array.from(seen, (_, d) => {
    const near = Array.from(
      { length: 2 * about + 1 },
      (_unused, k) => seen[(d + k - about + directions) % directions],
    )
      .filter((r) => r !== undefined)
      .sort((a, b) => a - b);
    return near[near.length >> 1] ?? radius;
  });
}
