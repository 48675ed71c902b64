/** In which characters a table was saved: with a byte order mark what that says, else UTF-8, else what Chinese spreadsheets write. */

/** other-characters: this line is in other ones than the first, or damaged. Read as a whole it would be other people's names. */
export type DecodedTable =
  { text: string } | { problem: 'not-text' } | { problem: 'other-characters'; line: number };

/** Without the mark. */
export function decodeTable(bytes: Uint8Array): DecodedTable {
  const begins = (...mark: number[]): boolean => mark.every((byte, index) => bytes[index] === byte);
  const marked = begins(0xff, 0xfe) ? 'utf-16le' : begins(0xfe, 0xff) ? 'utf-16be' : undefined;
  const whole = decode(bytes, marked ?? 'utf-8');
  // a spreadsheet's own file, or a picture: some bytes decode as anything
  if (whole?.includes('\0') ?? (marked !== undefined || bytes.includes(0))) return { problem: 'not-text' };
  if (whole !== undefined) return { text: whole };
  const line = lineOfOtherCharacters(bytes);
  if (line === 1) return { problem: 'not-text' };
  if (line !== undefined) return { problem: 'other-characters', line };
  const text = decode(bytes, 'gb18030');
  return text === undefined ? { problem: 'not-text' } : { text };
}

/** No sign of either of them holds the byte of a line's end. 1 where the first line is in neither. */
function lineOfOtherCharacters(bytes: Uint8Array): number | undefined {
  let isUtf8: boolean | undefined;
  for (let [line, at] = [1, 0]; at < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, at);
    const own = bytes.subarray(at, end === -1 ? bytes.length : end);
    at += own.length + 1;
    const utf8 = decode(own, 'utf-8');
    isUtf8 ??= utf8 !== undefined && hasHanzi(own);
    const fits = isUtf8 ? utf8 !== undefined : decode(own, 'gb18030') !== undefined;
    if (!fits || (!isUtf8 && utf8 !== undefined && hasHanzi(own))) return line;
  }
  return undefined;
}

/** Two signs of three bytes each, as Chinese characters are in UTF-8: what is GB18030 comes to that by no chance. */
const hasHanzi = (line: Uint8Array): boolean => line.filter((byte) => byte >= 0xe0 && byte < 0xf0).length > 1;

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
