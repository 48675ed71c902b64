/** Pixels that are not square: faxes and some feeders have half as many dots an inch down the page as across it. Pure. */
import type { FileKind } from './file-kind.ts';
import { jfifDensity } from './jpeg-head.ts';
import { readTiffDirectories } from './tiff-directories.ts';

/** Less is a rounding of the two numbers; more no device writes, so that one of them is wrong. */
const minRatio = 1.03;
const maxRatio = 4.2;

/** Dots across divided by dots down: how often a pixel is as high as it is wide. 1 where nothing credible is said. */
export function pixelHeightOf(bytes: Uint8Array, kind: FileKind, page = 0): number {
  const density = densityOf(bytes, kind, page);
  if (!density || !(density.x > 0) || !(density.y > 0)) return 1;
  const ratio = density.x / density.y;
  const much = Math.max(ratio, 1 / ratio);
  return much > minRatio && much < maxRatio ? ratio : 1;
}

function densityOf(bytes: Uint8Array, kind: FileKind, page: number): { x: number; y: number } | undefined {
  if (kind === 'jpeg') return jfifDensity(bytes);
  if (kind === 'png') return pngDensity(bytes);
  const directory = kind === 'tiff' ? readTiffDirectories(bytes)?.[page] : undefined;
  return directory && { x: directory.xDensity ?? 0, y: directory.yDensity ?? 0 };
}

/** Of the chunk pHYs (PNG 11.3.4.3), which stands before the pixels. */
function pngDensity(bytes: Uint8Array): { x: number; y: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  while (at + 20 <= bytes.length) {
    const length = view.getUint32(at);
    const name = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (name === 'pHYs') return { x: view.getUint32(at + 8), y: view.getUint32(at + 12) };
    if (name === 'IDAT') return undefined;
    at += 12 + length;
  }
  return undefined;
}
