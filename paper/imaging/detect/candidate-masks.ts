/** Segmentations of a small Lab picture that fail on different desks: each marks what may be paper. */
import type { Bin, Cv, Mat } from '../opencv.ts';
import { borderColours } from './scan-rim.ts';

/** Bright paper on a darker desk. */
export function otsuMask(cv: Cv, bin: Bin, light: Mat): Mat {
  const mask = bin(new cv.Mat());
  cv.threshold(light, mask, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
  return close(cv, bin, mask, 9);
}

/** Colourless paper on a coloured desk (wood), or the other way about. */
export function saturationMask(cv: Cv, bin: Bin, lab: Mat): Mat {
  const { rows, cols } = lab;
  const chroma = bin(new cv.Mat(rows, cols, cv.CV_8UC1));
  const from = lab.data;
  const to = chroma.data;
  for (let i = 0, k = 0; i < to.length; i += 1, k += 3) {
    const [a, b] = [(from[k + 1] as number) - 128, (from[k + 2] as number) - 128];
    to[i] = Math.min(255, 3 * Math.sqrt(a * a + b * b));
  }
  const mask = bin(new cv.Mat());
  cv.threshold(chroma, mask, 0, 255, cv.THRESH_BINARY_INV + cv.THRESH_OTSU);
  return close(cv, bin, mask, 9);
}

/** Whatever differs from the colours along the picture's border (up to three kinds of desk). */
export function backgroundMask(cv: Cv, bin: Bin, lab: Mat): Mat {
  const { rows, cols } = lab;
  const far = bin(new cv.Mat(rows, cols, cv.CV_8UC1));
  const data = lab.data;
  const centres = borderColours(data, cols, rows);
  const to = far.data;
  for (let i = 0, k = 0; i < to.length; i += 1, k += 3) {
    const [pl, pa, pb] = [data[k] as number, data[k + 1] as number, data[k + 2] as number];
    let best = Infinity;
    for (const [l, a, b] of centres) {
      // Half weight for lightness: shadows and uneven light change it most.
      const d = 0.5 * (pl - l) * (pl - l) + (pa - a) * (pa - a) + (pb - b) * (pb - b);
      if (d < best) best = d;
    }
    to[i] = Math.min(255, Math.sqrt(best) * 3);
  }
  const mask = bin(new cv.Mat());
  cv.threshold(far, mask, 0, 255, cv.THRESH_BINARY + cv.THRESH_OTSU);
  return close(cv, bin, mask, 9);
}

/** Floods from the border inwards: desks with slow shading fall to it, pale ones only with a small step. */
export function floodMasks(cv: Cv, bin: Bin, lab: Mat): Mat[] {
  const smooth = bin(new cv.Mat());
  cv.GaussianBlur(lab, smooth, new cv.Size(5, 5), 0);
  return [1, 3].map((step) => {
    const { rows, cols } = lab;
    const mask = bin(cv.Mat.zeros(rows + 2, cols + 2, cv.CV_8UC1));
    const picture = bin(smooth.clone());
    const diff = new cv.Scalar(step, step, step, 0);
    const flags = 4 | cv.FLOODFILL_MASK_ONLY | (255 << 8);
    const seed = (x: number, y: number): void => {
      if (mask.data[(y + 1) * (cols + 2) + x + 1] === 0) {
        cv.floodFill(
          picture,
          mask,
          new cv.Point(x, y),
          new cv.Scalar(0, 0, 0, 0),
          new cv.Rect(),
          diff,
          diff,
          flags,
        );
      }
    };
    for (let i = 0; i <= 12; i += 1) {
      const x = Math.round(((cols - 1) * i) / 12);
      const y = Math.round(((rows - 1) * i) / 12);
      seed(x, 1);
      seed(x, rows - 2);
      seed(1, y);
      seed(cols - 2, y);
    }
    const inner = bin(mask.roi(new cv.Rect(1, 1, cols, rows)));
    const page = bin(new cv.Mat());
    cv.threshold(inner, page, 127, 255, cv.THRESH_BINARY_INV);
    return open(cv, bin, page, 5);
  });
}

export function close(cv: Cv, bin: Bin, mask: Mat, size: number): Mat {
  const out = bin(new cv.Mat());
  const kernel = bin(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(size, size)));
  cv.morphologyEx(mask, out, cv.MORPH_CLOSE, kernel);
  return out;
}

function open(cv: Cv, bin: Bin, mask: Mat, size: number): Mat {
  const out = bin(new cv.Mat());
  const kernel = bin(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(size, size)));
  cv.morphologyEx(mask, out, cv.MORPH_OPEN, kernel);
  return out;
}
