/** Windows bitmaps, as vendors' decoders of ID-card photos write them: 24 bits, not packed. sharp does not open them. */

export interface Bitmap {
  /** Rows from the top, three bytes a pixel. */
  rgb: Uint8Array;
  width: number;
  height: number;
}

const longestSide = 2000;

/** Undefined for anything else, and for one that is cut off. */
export function readBitmap(bytes: Uint8Array): Bitmap | undefined {
  if (bytes.length < 54 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const [width, signedHeight] = [view.getInt32(18, true), view.getInt32(22, true)];
  const height = Math.abs(signedHeight);
  const isPlain = view.getUint16(28, true) === 24 && view.getUint32(30, true) === 0;
  if (!isPlain || width < 1 || height < 1 || width > longestSide || height > longestSide) return undefined;
  // A row is filled up to a multiple of four bytes.
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  if (start + rowBytes * height > bytes.length) return undefined;
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    // A positive height means that the lowest row comes first.
    const from = start + (signedHeight > 0 ? height - 1 - row : row) * rowBytes;
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 3;
      const source = from + column * 3;
      rgb[at] = bytes[source + 2] ?? 0;
      rgb[at + 1] = bytes[source + 1] ?? 0;
      rgb[at + 2] = bytes[source] ?? 0;
    }
  }
  return { rgb, width, height };
}
