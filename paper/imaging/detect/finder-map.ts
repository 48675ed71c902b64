/** What the page finder's network says about a picture: one plane of probabilities for each kind of mark. Pure. */

/** In the order of the network's output; models/synth/sheets.py draws them. Folds are told by the corners' own network. */
export const finderChannels = ['inside', 'edge', 'core', 'finger', 'fold', 'screen'] as const;
export type FinderChannel = (typeof finderChannels)[number];

export interface FinderMap {
  /** Planes of `width * height` probabilities, 0..1, one after the other. */
  data: Float32Array;
  width: number;
  height: number;
  /** Pixels of the picture for one of the map, across and down. */
  scaleX: number;
  scaleY: number;
}

export function planeOf({ data, width, height }: FinderMap, channel: FinderChannel): Float32Array {
  const size = width * height;
  const at = finderChannels.indexOf(channel) * size;
  return data.subarray(at, at + size);
}

/** Bilinear; pixel (i, j) of the map has its middle at (i + 0.5, j + 0.5). Beyond the map the rim repeats. */
export function sampleAt(plane: Float32Array, width: number, height: number, x: number, y: number): number {
  const cx = Math.max(0, Math.min(width - 1.001, x - 0.5));
  const cy = Math.max(0, Math.min(height - 1.001, y - 0.5));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const [fx, fy] = [cx - x0, cy - y0];
  const k = y0 * width + x0;
  const top = (plane[k] as number) * (1 - fx) + (plane[k + 1] as number) * fx;
  const bottom = (plane[k + width] as number) * (1 - fx) + (plane[k + width + 1] as number) * fx;
  return top * (1 - fy) + bottom * fy;
}
