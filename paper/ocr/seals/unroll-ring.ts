/** Lays the text that runs around a seal straight. Pure. */
import type { Picture } from '../../imaging/picture.ts';
import { directions, rednessAt } from './find-rings.ts';
import type { Ring } from './find-rings.ts';

/** Parts of the radius: the letters stand between the ring's stroke and the star; their feet point to the middle. */
const [outer, inner] = [0.94, 0.5];
/** The code at a seal's foot stands close to the ring: the gap between the text's ends is sought nearer to the middle. */
const [gapOuter, gapInner] = [0.78, 0.56];
/** The strip's height; readers bring it to their own. */
const heightPx = 64;
/** Left free at both ends of the text, in degrees. */
const marginDeg = 7;
/** Of the way from paper to ink; what is fainter is grain. */
const faintShare = 0.3;
/** A gap narrower than this does not part the text's ends: the text runs all around or there is none. */
const minGapDeg = 24;

/**
 * Dark letters on white; undefined where no text runs around the ring. The gap is told by the ink's redness, for black print
 * may run through it; the letters are taken from the green channel, for JPEG keeps colours at half the resolution.
 */
export function unrollRing(page: Picture, ring: Ring): Picture | undefined {
  const gap = widestGap(inkByDegree(page, ring));
  if (!gap) return undefined;
  const from = gap.to - marginDeg;
  const degrees = 360 - (gap.to - gap.from) + 2 * marginDeg;
  const middle = ((outer + inner) / 2) * ring.radius;
  const scale = heightPx / ((outer - inner) * ring.radius);
  const width = Math.max(heightPx, Math.round(((degrees * Math.PI) / 180) * middle * scale));
  const values = new Float32Array(width * heightPx);
  for (let x = 0; x < width; x += 1) {
    const degree = from + (degrees * (x + 0.5)) / width;
    for (let y = 0; y < heightPx; y += 1)
      values[y * width + x] = valueOn(page, ring, {
        degree,
        share: outer - ((outer - inner) * (y + 0.5)) / heightPx,
        ink: darknessAt,
      });
  }
  const [paper, full] = [percentile(values, 0.3), percentile(values, 0.95)];
  const data = new Uint8Array(width * heightPx * 3);
  values.forEach((value, i) => {
    const ink = Math.max(0, Math.min(1, (value - paper) / Math.max(1, full - paper)));
    data.fill(Math.round(255 * (1 - ink)), 3 * i, 3 * i + 3);
  });
  return { data, width, height: heightPx };
}

/** Bilinear, `share` of the ring's radius in that direction; degrees run clockwise from the right. */
function valueOn(
  { data, width, height }: Picture,
  ring: Ring,
  { degree, share, ink }: { degree: number; share: number; ink: (data: Uint8Array, k: number) => number },
): number {
  const angle = (degree * Math.PI) / 180;
  const at = ((((degree % 360) + 360) % 360) / 360) * directions;
  const before = Math.floor(at) % directions;
  const part = at - Math.floor(at);
  const radius =
    (ring.radii[before] as number) * (1 - part) + (ring.radii[(before + 1) % directions] as number) * part;
  const x = Math.max(0, Math.min(width - 1.001, ring.centre[0] + Math.cos(angle) * radius * share));
  const y = Math.max(0, Math.min(height - 1.001, ring.centre[1] + Math.sin(angle) * radius * share));
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const inkAt = (i: number, j: number): number => ink(data, ((y0 + j) * width + x0 + i) * 3);
  return (
    (inkAt(0, 0) * (1 - fx) + inkAt(1, 0) * fx) * (1 - fy) + (inkAt(0, 1) * (1 - fx) + inkAt(1, 1) * fx) * fy
  );
}

const darknessAt = (data: Uint8Array, k: number): number => 255 - (data[k + 1] as number);

/** How red the band of the letters is in each degree, the reddest fifth of it counting: strokes are thin. */
function inkByDegree(page: Picture, ring: Ring): Float32Array {
  const steps = 24;
  return Float32Array.from({ length: 360 }, (_, degree) => {
    const band = Float32Array.from({ length: steps }, (_unused, i) =>
      valueOn(page, ring, {
        degree: degree + 0.5,
        share: gapInner + ((gapOuter - gapInner) * (i + 0.5)) / steps,
        ink: rednessAt,
      }),
    );
    return percentile(band, 0.8);
  });
}

/** In degrees, `to` behind `from`. */
function widestGap(ink: Float32Array): { from: number; to: number } | undefined {
  const paper = percentile(ink, 0.1);
  const limit = paper + faintShare * (percentile(ink, 0.9) - paper);
  let widest: { from: number; to: number } | undefined;
  let from: number | undefined;
  // Twice around, so that a gap over the beginning is one gap.
  for (let degree = 0; degree < 720; degree += 1) {
    const isFree = (ink[degree % 360] as number) < limit;
    if (isFree) from ??= degree;
    if (isFree || from === undefined) continue;
    if (!widest || degree - from > widest.to - widest.from) widest = { from, to: degree };
    from = undefined;
  }
  return widest && widest.to - widest.from >= minGapDeg && widest.to - widest.from < 300 ? widest : undefined;
}

function percentile(values: Float32Array, share: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
