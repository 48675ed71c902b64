/** Loads OpenCV (WebAssembly) once for the calling thread. */
import { createRequire } from 'node:module';

/** A matrix in OpenCV's own memory: to be deleted by whoever made it. */
export interface Mat {
  rows: number;
  cols: number;
  /** A view that moves when OpenCV's memory grows: read it anew after every call that makes a matrix. */
  data: Uint8Array;
  data32S: Int32Array;
  clone(): Mat;
  roi(rect: unknown): Mat;
  delete(): void;
}

export interface MatVector {
  size(): number;
  get(index: number): Mat;
  delete(): void;
}

interface MatMaker {
  new (): Mat;
  new (rows: number, cols: number, type: number): Mat;
  zeros(rows: number, cols: number, type: number): Mat;
}

/** The calls made here, and no more: the package's own types describe classes that its build does not contain. */
export interface Cv {
  onRuntimeInitialized?: () => void;
  Mat: MatMaker;
  MatVector: new () => MatVector;
  Size: new (width: number, height: number) => unknown;
  Point: new (x: number, y: number) => unknown;
  Rect: new (x?: number, y?: number, width?: number, height?: number) => unknown;
  Scalar: new (...values: number[]) => unknown;
  matFromArray(rows: number, cols: number, type: number, values: readonly number[]): Mat;
  approxPolyDP(curve: Mat, out: Mat, epsilon: number, isClosed: boolean): void;
  arcLength(curve: Mat, isClosed: boolean): number;
  bitwise_or(a: Mat, b: Mat, out: Mat): void;
  blur(source: Mat, out: Mat, size: unknown): void;
  Canny(source: Mat, out: Mat, low: number, high: number): void;
  convexHull(points: Mat, out: Mat): void;
  cvtColor(source: Mat, out: Mat, code: number): void;
  findContours(source: Mat, contours: MatVector, hierarchy: Mat, mode: number, method: number): void;
  floodFill(
    picture: Mat,
    mask: Mat,
    seed: unknown,
    value: unknown,
    rect: unknown,
    low: unknown,
    high: unknown,
    flags: number,
  ): void;
  GaussianBlur(source: Mat, out: Mat, size: unknown, sigma: number): void;
  getPerspectiveTransform(from: Mat, to: Mat): Mat;
  getStructuringElement(shape: number, size: unknown): Mat;
  HoughLinesP(
    source: Mat,
    out: Mat,
    rho: number,
    theta: number,
    votes: number,
    minLength: number,
    maxGap: number,
  ): void;
  morphologyEx(source: Mat, out: Mat, operation: number, kernel: Mat): void;
  resize(source: Mat, out: Mat, size: unknown, fx: number, fy: number, how: number): void;
  split(source: Mat, out: MatVector): void;
  threshold(source: Mat, out: Mat, limit: number, value: number, kind: number): number;
  warpPerspective(
    source: Mat,
    out: Mat,
    map: Mat,
    size: unknown,
    how: number,
    border: number,
    value: unknown,
  ): void;
  BORDER_REPLICATE: number;
  CHAIN_APPROX_SIMPLE: number;
  COLOR_RGB2Lab: number;
  CV_32FC2: number;
  CV_32SC2: number;
  CV_8UC1: number;
  CV_8UC3: number;
  FLOODFILL_MASK_ONLY: number;
  INTER_AREA: number;
  INTER_LINEAR: number;
  MORPH_CLOSE: number;
  MORPH_OPEN: number;
  MORPH_RECT: number;
  RETR_EXTERNAL: number;
  THRESH_BINARY: number;
  THRESH_BINARY_INV: number;
  THRESH_OTSU: number;
}

/**
 * Resolves with OpenCV's module, ready to use. The module object must never be awaited itself: it has a `then` that
 * resolves with itself for ever; that is why it comes wrapped. Another build than the one in use is for comparing alone.
 */
export function loadOpenCv(packageName?: string): Promise<{ cv: Cv }> {
  const before = process.listeners('uncaughtException');
  const beforeRejection = process.listeners('unhandledRejection');
  const require = createRequire(import.meta.url);
  const loaded = (packageName === undefined ? require('opencv-wasm') : require(packageName)) as
    Cv | { cv: Cv };
  const cv = 'cv' in loaded ? loaded.cv : loaded;
  return new Promise((resolve) => {
    const ready = (): void => {
      // Emscripten adds handlers that turn every stray rejection into a crash of their own making.
      for (const listener of process.listeners('uncaughtException')) {
        if (!before.includes(listener)) process.removeListener('uncaughtException', listener);
      }
      for (const listener of process.listeners('unhandledRejection')) {
        if (!beforeRejection.includes(listener)) process.removeListener('unhandledRejection', listener);
      }
      resolve({ cv });
    };
    if (typeof cv.Mat === 'function') ready();
    else cv.onRuntimeInitialized = ready;
  });
}

interface Deletable {
  delete(): void;
}

/** Collects what must be freed: OpenCV's memory is not collected by JavaScript. */
export interface Bin {
  <T extends Deletable>(item: T): T;
}

/** Runs `work` and frees everything it put into the bin, also when it throws. */
export function withScope<T>(work: (bin: Bin) => T): T {
  const items: Deletable[] = [];
  try {
    return work((item) => {
      items.push(item);
      return item;
    });
  } finally {
    for (const item of items.reverse()) item.delete();
  }
}

/** A Mat over a copy of `data`: 1 or 3 channels of 8 bits. */
export function matOf(cv: Cv, data: Uint8Array, width: number, height: number, channels: 1 | 3): Mat {
  const mat = new cv.Mat(height, width, channels === 1 ? cv.CV_8UC1 : cv.CV_8UC3);
  mat.data.set(data);
  return mat;
}
