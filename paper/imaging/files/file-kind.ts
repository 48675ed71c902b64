/** Tells a file's kind by its first bytes: names and declared types are not to be trusted. Pure. */
import type { ErrorCode } from '#domain/errors/table.ts';

export type FileKind = 'jpeg' | 'png' | 'tiff' | 'pdf';

export function findFileKind(bytes: Uint8Array): FileKind | undefined {
  const starts = (...head: number[]): boolean => head.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0x49, 0x49, 0x2a, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2a)) return 'tiff';
  // BigTIFF, for files past 4 GiB; some programs write it always.
  if (starts(0x49, 0x49, 0x2b, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2b)) return 'tiff';
  // ISO 32000-1 Annex H: readers accept the header anywhere in the first 1024 bytes.
  return textOf(bytes, 0, 1024).includes('%PDF-') ? 'pdf' : undefined;
}

/** Why a file of no such kind is refused: what it is, as far as its first bytes say. */
export function refusalOf(bytes: Uint8Array): ErrorCode {
  if (bytes.byteLength === 0) return 'FILE_EMPTY';
  const head = textOf(bytes, 0, 32);
  // ISO/IEC 14496-12: a file type box with the brands of ISO/IEC 23008-12 and AVIF.
  if (head.slice(4, 8) === 'ftyp' && /hei[cxsm]|hev[cxsm]|mif1|msf1|avi[fs]/.test(head.slice(8)))
    return 'FILE_HEIC';
  if (/^(GIF8|BM)/.test(head) || /^RIFF.{4}WEBP/s.test(head)) return 'FILE_OTHER_PICTURE';
  // ZIP holds DOCX, XLSX, WPS and OFD; a compound file holds those of before 2007; then RTF, RAR and 7-Zip.
  const isOffice =
    head.startsWith('PK') ||
    head.startsWith('\xd0\xcf\x11\xe0') ||
    head.startsWith('{\\rtf') ||
    head.startsWith('Rar!') ||
    head.startsWith('7z\xbc\xaf');
  return isOffice ? 'FILE_OFFICE' : 'FILE_UNSUPPORTED';
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to, bytes.byteLength) - from).toString(
    'latin1',
  );
