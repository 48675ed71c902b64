/** Cuts one line of text out of a page into the recogniser's input shape. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, homography, rectangleQuad } from '../imaging/geometry.ts';
import type { GreyPicture } from '../imaging/picture.ts';

export interface LineCrop {
  /** One plane per input channel, `height * width` each, values 0..255. */
  planes: Float32Array[];
  width: number;
  height: number;
}

export interface CropOptions {
  height: number;
  minWidth: number;
  maxWidth: number;
  /** Draws the line this much wider than it is: narrow equal neighbours (the 22 of a code) get frames between them. */
  stretch?: number;
}

/** `planes` are the page's channels in the order of the model's input; `quad` in page pixels. */
export function cropLine(
  planes: readonly GreyPicture[],
  quad: Quad,
  { height, minWidth, maxWidth, stretch = 1 }: CropOptions,
): LineCrop {
  const across = (distance(quad[0], quad[1]) + distance(quad[3], quad[2])) / 2;
  const down = Math.max(1, (distance(quad[0], quad[3]) + distance(quad[1], quad[2])) / 2);
  const width = Math.max(minWidth, Math.min(maxWidth, Math.round((across / down) * height * stretch)));
  const map = homography(rectangleQuad(0, 0, width, height), quad);
  // Shrinking needs several samples a pixel, or thin strokes vanish between them.
  const taps = Math.max(1, Math.min(4, Math.round(down / height)));
  const out = planes.map(() => new Float32Array(width * height));
  const weight = 1 / (taps * taps);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let j = 0; j < taps; j += 1) {
        for (let i = 0; i < taps; i += 1) {
          // As `applyHomography`, without a point made for each of a million samples.
          const u = x + (i + 0.5) / taps;
          const v = y + (j + 0.5) / taps;
          const w = map[6] * u + map[7] * v + map[8];
          const sx = (map[0] * u + map[1] * v + map[2]) / w - 0.5;
          const sy = (map[3] * u + map[4] * v + map[5]) / w - 0.5;
          for (let p = 0; p < planes.length; p += 1) {
            const values = out[p] as Float32Array;
            values[y * width + x] =
              (values[y * width + x] as number) + weight * sample(planes[p] as GreyPicture, sx, sy);
          }
        }
      }
    }
  }
  return { planes: out, width, height };
}

function sample({ data, width, height }: GreyPicture, x: number, y: number): number {
  const cx = x < 0 ? 0 : x > width - 1.001 ? width - 1.001 : x;
  const cy = y < 0 ? 0 : y > height - 1.001 ? height - 1.001 : y;
  const x0 = cx | 0;
  const y0 = cy | 0;
  const fx = cx - x0;
  const fy = cy - y0;
  const k = y0 * width + x0;
  const top = (data[k] as number) * (1 - fx) + (data[k + 1] as number) * fx;
  const bottom = (data[k + width] as number) * (1 - fx) + (data[k + width + 1] as number) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Grows a quad about its own axes: `along` and `across` are parts of its height, added at each end. */
export function growQuad(quad: Quad, along: number, across: number): Quad {
  const [tl, tr, br, bl] = quad;
  const down = (distance(tl, bl) + distance(tr, br)) / 2;
  const u = unit(tl, tr, bl, br);
  const v = unit(tl, bl, tr, br);
  const move = ([x, y]: Point, du: number, dv: number): Point => [
    x + down * (du * u[0] + dv * v[0]),
    y + down * (du * u[1] + dv * v[1]),
  ];
  return [
    move(tl, -along, -across),
    move(tr, along, -across),
    move(br, along, across),
    move(bl, -along, across),
  ];
}

function unit(a: Point, b: Point, c: Point, d: Point): Point {
  const x = b[0] - a[0] + d[0] - c[0];
  const y = b[1] - a[1] + d[1] - c[1];
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
}
