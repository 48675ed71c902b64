/**
 * Whether a file is all there. Writers that pause longer than the quiet time must not yield half a page; what stands
 * behind a file's end (pictures of telephones, padding of copiers) does not matter. Pure.
 */
import { findFileKind } from '#paper/imaging/files/file-kind.ts';

/** True for kinds that are not known: the reader says what is wrong with them. */
export function hasItsEnd(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  switch (findFileKind(bytes)) {
    case 'jpeg':
      return jpegEnds(bytes);
    case 'png':
      return pngEnds(bytes);
    case 'tiff':
      return tiffEnds(bytes);
    case 'pdf':
      return pdfEnds(bytes);
    case undefined:
      return true;
  }
}

/** Markers are followed from the start: a thumbnail inside has an end of its own (ITU-T T.81, B.1.1). */
function jpegEnds(bytes: Uint8Array): boolean {
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) {
      // Between segments nothing but markers stands; some writers fill with other bytes.
      at = bytes.indexOf(0xff, at);
      if (at < 0) return false;
      continue;
    }
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) at += 1;
    else if (marker === 0xd9) return true;
    else if (marker === 0 || (marker >= 0xd0 && marker <= 0xd8) || marker === 1) at += 2;
    else {
      if (at + 3 >= bytes.length) return false;
      const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      // Behind the header of a scan stand its coded bytes, in which 0xff is never followed by a marker.
      at += 2 + Math.max(2, length);
    }
  }
  return false;
}

function pngEnds(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  while (at + 12 <= bytes.length) {
    const isEnd = view.getUint32(at + 4) === 0x49454e44;
    if (isEnd) return true;
    at += 12 + view.getUint32(at);
  }
  return false;
}

const entryBytes = 12;
const [stripOffsets, stripCounts, tileOffsets, tileCounts] = [273, 279, 324, 325];
const maxDirectories = 1_000;

/** Every directory and every strip or tile that it names lies within the file (TIFF 6.0, section 2). */
function tiffEnds(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  if (bytes.length < 8) return false;
  // BigTIFF has other widths: its quiet must do.
  if (bytes[2] === 0x2b || bytes[3] === 0x2b) return true;
  const short = (at: number): number => view.getUint16(at, little);
  const long = (at: number): number => view.getUint32(at, little);
  let at = long(4);
  // The place of the first directory is what libtiff writes last.
  if (at === 0) return false;
  for (let count = 0; at !== 0 && count < maxDirectories; count += 1) {
    if (at + 2 > bytes.length) return false;
    const entries = short(at);
    const end = at + 2 + entries * entryBytes;
    if (end + 4 > bytes.length) return false;
    const lists = new Map<number, number[]>();
    for (let entry = at + 2; entry < end; entry += entryBytes) {
      const tag = short(entry);
      if (![stripOffsets, stripCounts, tileOffsets, tileCounts].includes(tag)) continue;
      const size = short(entry + 2) === 3 ? 2 : 4;
      const number = long(entry + 4);
      const from = number * size <= 4 ? entry + 8 : long(entry + 8);
      if (from + number * size > bytes.length) return false;
      lists.set(
        tag,
        Array.from({ length: number }, (_, index) =>
          size === 2 ? short(from + index * 2) : long(from + index * 4),
        ),
      );
    }
    const offsets = lists.get(stripOffsets) ?? lists.get(tileOffsets) ?? [];
    const counts = lists.get(stripCounts) ?? lists.get(tileCounts) ?? [];
    if (offsets.some((offset, index) => offset + (counts[index] ?? 0) > bytes.length)) return false;
    at = long(end);
  }
  return true;
}

/** ISO 32000-1, 7.5.5 and Annex F: the first part of a linearized file has an end too, and says the whole length. */
function pdfEnds(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = text.toString('latin1', 0, 2048);
  const linearized = /\/Linearized[^>]*?\/L\s+(\d+)/.exec(head)?.[1];
  if (linearized !== undefined && bytes.length < Number(linearized)) return false;
  const end = text.lastIndexOf('%%EOF');
  if (end < 0) return false;
  // An update that is being written stands behind the end of what it updates.
  return !/\d+\s+\d+\s+obj\b/.test(text.toString('latin1', end, Math.min(text.length, end + 4096)));
}
