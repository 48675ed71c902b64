/** Tells a file's kind by its first bytes: names and declared types are not to be trusted. Pure. */
export type FileKind = 'jpeg' | 'png' | 'tiff' | 'pdf';

export function findFileKind(bytes: Uint8Array): FileKind | undefined {
  const starts = (...head: number[]): boolean => head.every((byte, i) => bytes[i] === byte);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0x49, 0x49, 0x2a, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2a)) return 'tiff';
  // ISO 32000-1 Annex H: readers accept the header anywhere in the first 1024 bytes.
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(1024, bytes.byteLength)).toString(
    'latin1',
  );
  return head.includes('%PDF-') ? 'pdf' : undefined;
}
