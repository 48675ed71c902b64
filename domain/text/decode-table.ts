/** In which characters a table was saved: with a byte order mark what that says, else UTF-8, else what Chinese spreadsheets write. */

/** Without the mark; undefined where it is no text in any of them. */
export function decodeTable(bytes: Uint8Array): string | undefined {
  const begins = (...mark: number[]): boolean => mark.every((byte, index) => bytes[index] === byte);
  const marked = begins(0xff, 0xfe) ? 'utf-16le' : begins(0xfe, 0xff) ? 'utf-16be' : undefined;
  const candidates = marked === undefined ? ['utf-8', 'gb18030'] : [marked];
  for (const encoding of candidates) {
    const text = decode(bytes, encoding);
    // a spreadsheet's own file, or a picture: some bytes decode as anything
    if (text !== undefined && !text.includes('\0')) return text;
  }
  return undefined;
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
