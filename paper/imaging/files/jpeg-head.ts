/** What a JPEG's head says of its height and of its pixels' shape (ITU-T T.81, jfif 1.02). Pure. */

interface Segment {
  marker: number;
  /** Of its first byte behind the length. */
  at: number;
  length: number;
}

/** Up to the first scan, which comes last. */
function* segmentsOf(bytes: Uint8Array): Generator<Segment> {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    // Filling bytes.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    yield { marker, at: at + 4, length: length - 2 };
    if (marker === sos) return;
    at += 2 + length;
  }
}

const sos = 0xda;
const dnl = 0xdc;
/** Frames of every process but the tables and extensions that lie between them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/**
 * A feeder does not know a sheet's length before its end: it writes the height into a dnl segment behind the first scan
 * (T.81 B.2.5), and 0 or the greatest number into the frame. Decoders look at the frame alone.
 */
export function withTrueHeight(bytes: Uint8Array): Uint8Array {
  let frame: number | undefined;
  let scan: number | undefined;
  for (const { marker, at } of segmentsOf(bytes)) {
    if (isFrame(marker)) frame = at;
    if (marker === sos) scan = at;
  }
  if (frame === undefined || scan === undefined) return bytes;
  const told = ((bytes[frame + 1] as number) << 8) | (bytes[frame + 2] as number);
  // Within the scan every FF is followed by 00 or a restart: FF DC is the segment.
  let at = bytes.indexOf(0xff, scan);
  while (at >= 0 && (bytes[at + 1] === 0 || isRestart(bytes[at + 1]) || bytes[at + 1] === 0xff))
    at = bytes.indexOf(0xff, at + 1);
  if (at < 0 || bytes[at + 1] !== dnl || at + 6 > bytes.length) return bytes;
  const height = ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
  if (height === 0 || height === told) return bytes;
  const mended = Uint8Array.from(bytes);
  mended[frame + 1] = height >> 8;
  mended[frame + 2] = height & 0xff;
  return mended;
}

const isRestart = (byte: number | undefined): boolean => byte !== undefined && byte >= 0xd0 && byte <= 0xd7;

/** Dots per inch or per centimetre each way, or their ratio alone; undefined without a jfif segment. */
export function jfifDensity(bytes: Uint8Array): { x: number; y: number } | undefined {
  for (const { marker, at, length } of segmentsOf(bytes)) {
    const isJfif = marker === 0xe0 && length >= 12 && Buffer.from(bytes.subarray(at, at + 5)).equals(jfif);
    if (!isJfif) continue;
    return {
      x: ((bytes[at + 8] as number) << 8) | (bytes[at + 9] as number),
      y: ((bytes[at + 10] as number) << 8) | (bytes[at + 11] as number),
    };
  }
  return undefined;
}
const jfif = Buffer.from('JFIF\0', 'latin1');
