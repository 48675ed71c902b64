/** Loads OpenCV (WebAssembly) once for the calling thread. */
import { createRequire } from 'node:module';

// The package's own types describe classes that its build does not contain; the few calls made here are typed loosely
// on purpose and every one of them is covered by tests.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Cv = any;
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Mat = any;

/**
 * Resolves with OpenCV's module, ready to use. The module object must never be awaited itself: it has a `then` that
 * resolves with itself for ever; that is why it comes wrapped.
 */
export function loadOpenCv(): Promise<{ cv: Cv }> {
  const before = process.listeners('uncaughtException');
  const beforeRejection = process.listeners('unhandledRejection');
  const require = createRequire(import.meta.url);
  const cv = require('@techstark/opencv-js') as Cv;
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

/** Collects what must be freed: OpenCV's memory is not collected by JavaScript. */
export interface Bin {
  <T extends { delete(): void }>(item: T): T;
}

/** Runs `work` and frees everything it put into the bin, also when it throws. */
export function withBin<T>(work: (bin: Bin) => T): T {
  const items: { delete(): void }[] = [];
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
