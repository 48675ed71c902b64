/** The directories of a TIFF (TIFF 6.0, BigTIFF): which of them are pages, and how many dots an inch has each way. Pure. */

export interface TiffDirectory {
  /** A page of the document, and not a small copy or a mask of another (TIFF 6.0, tags 254 and 255). */
  isPage: boolean;
  xDensity?: number;
  yDensity?: number;
}

const newSubfileType = 254;
const subfileType = 255;
const xResolution = 282;
const yResolution = 283;
const reduced = 1;
const mask = 4;
/** Of the older tag. */
const reducedBefore = 2;
/** More directories than any document has pages: a chain that runs in a ring. */
const most = 2000;

/** In the order of the chain; undefined where the chain cannot be followed. */
export function readTiffDirectories(bytes: Uint8Array): TiffDirectory[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const isLittle = view.getUint8(0) === 0x49;
    const isBig = view.getUint16(2, isLittle) === 43;
    const offsetAt = (at: number): number =>
      isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
    const found: TiffDirectory[] = [];
    let at = offsetAt(isBig ? 8 : 4);
    while (at !== 0) {
      if (found.length === most) return undefined;
      const count = isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint16(at, isLittle);
      const first = at + (isBig ? 8 : 2);
      const size = isBig ? 20 : 12;
      const values = new Map<number, number>();
      for (let i = 0; i < count; i += 1) {
        const entry = first + i * size;
        const tag = view.getUint16(entry, isLittle);
        if (![newSubfileType, subfileType, xResolution, yResolution].includes(tag)) continue;
        const type = view.getUint16(entry + 2, isLittle);
        const place = entry + (isBig ? 12 : 8);
        // 3 is SHORT, 4 LONG, 5 RATIONAL, which a classic TIFF keeps elsewhere.
        if (type === 3) values.set(tag, view.getUint16(place, isLittle));
        if (type === 4) values.set(tag, view.getUint32(place, isLittle));
        if (type === 5) {
          const there = isBig ? place : view.getUint32(place, isLittle);
          values.set(tag, view.getUint32(there, isLittle) / view.getUint32(there + 4, isLittle));
        }
      }
      found.push(directoryOf(values));
      at = offsetAt(first + count * size);
    }
    return found;
  } catch {
    return undefined;
  }
}

function directoryOf(values: ReadonlyMap<number, number>): TiffDirectory {
  const kind = values.get(newSubfileType) ?? 0;
  const isCopy = (kind & (reduced | mask)) !== 0 || values.get(subfileType) === reducedBefore;
  const [x, y] = [values.get(xResolution), values.get(yResolution)];
  return {
    isPage: !isCopy,
    ...(x === undefined ? {} : { xDensity: x }),
    ...(y === undefined ? {} : { yDensity: y }),
  };
}
