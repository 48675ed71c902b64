/** Whether a file's end is there. Writers that pause longer than the quiet time must not yield half a page. Pure. */

/** The last bytes of a file of a kind that has a known end; other kinds (TIFF) are judged by quiet alone. */
export function hasItsEnd(head: Uint8Array, tail: Uint8Array): boolean {
  const starts = (...bytes: number[]): boolean => bytes.every((byte, index) => head[index] === byte);
  const end = Buffer.from(tail).toString('latin1');
  // Scanners pad: the mark may be followed by a few bytes.
  if (starts(0xff, 0xd8, 0xff)) return end.includes('\xff\xd9');
  if (starts(0x89, 0x50, 0x4e, 0x47)) return end.includes('IEND');
  if (starts(0x25, 0x50, 0x44, 0x46)) return end.includes('%%EOF');
  return head.length > 0;
}
