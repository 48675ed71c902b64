/** How a page's lines run: a sheet that was straightened a little askew has lines that fall or rise from left to right. */
import type { Line, Point, Quad } from './schema.ts';

/** Lines shorter than so many heights say nothing about their direction. */
const longEnough = 5;
/** Steeper is no page that was put straight. */
const steepest = 0.06;

/** Pixels down for each pixel to the right; 0 where too little is seen. */
export function slopeOf(lines: readonly Line[]): number {
  const slopes = lines
    .flatMap(({ box: [topLeft, topRight, bottomRight, bottomLeft] }) => {
      const width = topRight[0] - topLeft[0];
      const height = Math.abs(bottomLeft[1] - topLeft[1]);
      if (width < longEnough * height || height === 0) return [];
      const slope = (topRight[1] - topLeft[1] + bottomRight[1] - bottomLeft[1]) / (2 * width);
      return Math.abs(slope) <= steepest ? [{ slope, width }] : [];
    })
    .sort((a, b) => a.slope - b.slope);
  // The median by length: one long line that was boxed level says less than many that were not.
  const half = slopes.reduce((sum, { width }) => sum + width, 0) / 2;
  let sum = 0;
  for (const { slope, width } of slopes) {
    sum += width;
    if (sum >= half) return slope;
  }
  return 0;
}

/** The page turned so that its lines run level; for slopes as small as these turning is shearing. */
export const levelled = (quad: Quad, slope: number): Quad => turned(quad, -slope);
/** Back to the page's own pixels. */
export const unlevelled = (quad: Quad, slope: number): Quad => turned(quad, slope);

function turned(quad: Quad, slope: number): Quad {
  if (slope === 0) return quad;
  const turn = ([x, y]: Point): Point => [x - slope * y, y + slope * x];
  const [a, b, c, d] = quad;
  return [turn(a), turn(b), turn(c), turn(d)];
}
