/**
 * The surroundings of a sheet's corners, cut out for the network that judges them: each turned so that its corner lies at
 * the upper left. models/synth/corners.py cuts the same for training. Pure.
 */
import type { Quad } from '#domain/reading/schema.ts';
import { applyHomography, distance, homography, rectangleQuad, rotateQuad } from '../geometry.ts';
import type { Picture } from '../picture.ts';

export interface PatchShape {
  /** Pixels of a patch's side. */
  side: number;
  /** How far a patch reaches from the corner outwards and inwards, in parts of the sheet's shorter side. */
  outside: number;
  inside: number;
}

/** Planes of red, green and blue for each of the four corners in the quad's order: `[4, 3, side, side]`, 0..255. */
export function cornerPatches(
  picture: Picture,
  quad: Quad,
  { side, outside, inside }: PatchShape,
): Float32Array {
  const size = side * side;
  const patches = new Float32Array(4 * 3 * size);
  const step = (inside + outside) / (2 * side);
  for (let corner = 0; corner < 4; corner += 1) {
    const turned = rotateQuad(quad, corner);
    const [tl, tr, br, bl] = turned;
    const across = (distance(tl, tr) + distance(bl, br)) / 2;
    const down = (distance(tl, bl) + distance(tr, br)) / 2;
    const unit = Math.min(across, down) || 1;
    const map = homography(rectangleQuad(0, 0, across / unit, down / unit), turned);
    // Four samples for a pixel: patches are some two times smaller than what they show.
    for (let j = 0; j < 2 * side; j += 1)
      for (let i = 0; i < 2 * side; i += 1) {
        const [x, y] = applyHomography(map, [(i + 0.5) * step - outside, (j + 0.5) * step - outside]);
        addSample(picture, x - 0.5, y - 0.5, patches, 3 * corner * size + (j >> 1) * side + (i >> 1), size);
      }
  }
  return patches;
}

/** A quarter of the bilinear colour at a place goes to a pixel of the patch; beyond the picture its rim repeats. */
function addSample(
  { data, width, height }: Picture,
  x: number,
  y: number,
  patches: Float32Array,
  at: number,
  plane: number,
): void {
  const cx = Math.max(0, Math.min(width - 1.001, x));
  const cy = Math.max(0, Math.min(height - 1.001, y));
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [fx, fy] = [cx - x0, cy - y0];
  const k = 3 * (y0 * width + x0);
  for (let c = 0; c < 3; c += 1) {
    const top = (data[k + c] as number) * (1 - fx) + (data[k + c + 3] as number) * fx;
    const below = k + c + 3 * width;
    const bottom = (data[below] as number) * (1 - fx) + (data[below + 3] as number) * fx;
    const to = at + c * plane;
    patches[to] = (patches[to] as number) + (top * (1 - fy) + bottom * fy) / 4;
  }
}
