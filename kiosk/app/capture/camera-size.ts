/** Sizes of a camera's picture: what is offered, what was chosen on this station. */
import { z } from 'zod';

const sizeSchema = z.object({ width: z.int().positive(), height: z.int().positive() });
export interface CameraSize {
  readonly width: number;
  readonly height: number;
}

const key = 'ludeng.camera.size';
/** More than any document camera has: each gives its largest. */
export const largestSize: CameraSize = { width: 4096, height: 3072 };
/** Sizes of document cameras of 13, 8, 5, 3 and 2 million pixels. */
const usual: readonly CameraSize[] = [
  { width: 4160, height: 3120 },
  { width: 3264, height: 2448 },
  { width: 2592, height: 1944 },
  { width: 2048, height: 1536 },
  { width: 1920, height: 1080 },
];

/** Ideal, not exact: a smaller camera gives what it has. */
export function requestOf({ width, height }: CameraSize): MediaTrackConstraints {
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: 15 } };
}

/** Largest first; the size in use is always among them. */
export function sizesUpTo(
  most: { width?: { max?: number }; height?: { max?: number } },
  now: CameraSize,
): CameraSize[] {
  const [width, height] = [most.width?.max ?? now.width, most.height?.max ?? now.height];
  const all = [...usual.filter((one) => one.width <= width && one.height <= height), { width, height }, now];
  const byName = new Map(all.map((one) => [`${one.width}x${one.height}`, one]));
  return [...byName.values()].sort((a, b) => b.width * b.height - a.width * a.height);
}

/** What was stored by another version is forgotten. */
export function readSize(): CameraSize | undefined {
  const stored = localStorage.getItem(key);
  if (stored === null) return undefined;
  try {
    return sizeSchema.parse(JSON.parse(stored));
  } catch {
    return undefined;
  }
}

export function rememberSize({ width, height }: CameraSize): void {
  localStorage.setItem(key, JSON.stringify({ width, height }));
}
