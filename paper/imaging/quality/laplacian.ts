/** How much edges there are in a part of a picture: the usual measure of sharpness. Pure. */
import type { GreyPicture } from '../picture.ts';

/** Pixels from left and top on, up to but without right and bottom. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Variance of the Laplacian (the four neighbours' sum less four times the pixel) over every second row of the area, which lies
 * within the picture. Beyond the picture's rim its pixels are mirrored, as OpenCV does. 0 for an empty area.
 */
export function laplacianVariance({ data, width, height }: GreyPicture, area: Area): number {
  const { left, top, right, bottom } = area;
  let sum = 0;
  let squares = 0;
  let n = 0;
  for (let y = top; y < bottom; y += 2) {
    const row = y * width;
    const above = mirrored(y - 1, height) * width;
    const below = mirrored(y + 1, height) * width;
    for (let x = left; x < right; x += 1) {
      const value =
        (data[above + x] as number) +
        (data[below + x] as number) +
        (data[row + mirrored(x - 1, width)] as number) +
        (data[row + mirrored(x + 1, width)] as number) -
        4 * (data[row + x] as number);
      sum += value;
      squares += value * value;
      n += 1;
    }
  }
  return n === 0 ? 0 : squares / n - (sum / n) ** 2;
}

function mirrored(at: number, size: number): number {
  if (size === 1) return 0;
  return at < 0 ? 1 : at < size ? at : size - 2;
}
