/** For a file that no reader may open: what its signatures' ranges tell all the same. It explains a refusal, never ends one. */
import type { SealProblemCode } from './problems.ts';

const maxRanges = 50;

export function explainRanges(pdf: Uint8Array): SealProblemCode[] {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1');
  const pattern = /\/ByteRange\s{0,9}\[\s{0,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})/g;
  const codes = new Set<SealProblemCode>();
  let last = 0;
  let count = 0;
  for (const [, ...digits] of text.matchAll(pattern)) {
    if (++count > maxRanges) break;
    const [start = 0, gapStart = 0, gapEnd = 0, tail = 0] = digits.map(Number);
    const end = gapEnd + tail;
    if (end > pdf.length) codes.add('FILE_INCOMPLETE');
    else if (start !== 0 || !isDigitsAlone(text, gapStart, gapEnd)) codes.add('BYTE_RANGE_WRONG');
    last = Math.max(last, end);
  }
  if (last > 0 && last < pdf.length) codes.add('BYTES_AFTER_SIGNATURE');
  return [...codes];
}

function isDigitsAlone(text: string, from: number, to: number): boolean {
  return text[from] === '<' && text[to - 1] === '>' && /^[0-9a-f]*$/i.test(text.slice(from + 1, to - 1));
}
