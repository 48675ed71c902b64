/**
 * The little DER (X.690) that signatures need. Written by hand because a verifier that must refuse every byte
 * it did not expect cannot rest on a tolerant parser: what is read here is built again and compared.
 */

export interface Tlv {
  tag: number;
  /** Content octets. */
  value: Uint8Array;
  /** Tag, length and content. */
  raw: Uint8Array;
}

export class DerError extends Error {}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/** Reads the element that starts at `offset`; definite and shortest lengths only. Throws DerError. */
export function readTlv(bytes: Uint8Array, offset = 0): Tlv {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw new DerError('element cut off');
  if ((tag & 0x1f) === 0x1f) throw new DerError('long tags are not used here');
  let length = first;
  let head = 2;
  if (first & 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError('length form not allowed');
    length = 0;
    for (let index = 0; index < count; index++) {
      length = length * 256 + (bytes[offset + 2 + index] ?? 0);
    }
    if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new DerError('length not shortest');
    head += count;
  }
  const end = offset + head + length;
  if (end > bytes.length) throw new DerError('content cut off');
  return { tag, value: bytes.subarray(offset + head, end), raw: bytes.subarray(offset, end) };
}

/** The elements inside a constructed element. Throws DerError on anything left over. */
export function readAll(content: Uint8Array): Tlv[] {
  const found: Tlv[] = [];
  for (let at = 0; at < content.length;) {
    const next = readTlv(content, at);
    found.push(next);
    at += next.raw.length;
  }
  return found;
}

/** The element `index` of `list`, which must carry `tag`. Throws DerError. */
export function expectTlv(list: readonly Tlv[], index: number, tag: number): Tlv {
  const found = list[index];
  if (found?.tag !== tag) throw new DerError(`tag ${tag} expected at ${index}`);
  return found;
}

export function tlv(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const value = concatBytes(parts);
  const size = value.length;
  if (size < 0x80) return concatBytes([Uint8Array.of(tag, size), value]);
  const octets: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return concatBytes([Uint8Array.of(tag, 0x80 | octets.length, ...octets), value]);
}

export const sequence = (...parts: Uint8Array[]): Uint8Array => tlv(0x30, ...parts);
export const octetString = (value: Uint8Array): Uint8Array => tlv(0x04, value);
export const derNull = Uint8Array.of(0x05, 0x00);

/** SET OF: DER puts the elements in the order of their encodings. */
export function setOf(elements: readonly Uint8Array[], tag = 0x31): Uint8Array {
  return tlv(tag, ...[...elements].sort((left, right) => Buffer.compare(left, right)));
}

/** A non-negative INTEGER from big-endian bytes. */
export function integer(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const short = magnitude.subarray(start);
  const lead = (short[0] ?? 0) & 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return tlv(0x02, lead, short.length === 0 ? Uint8Array.of(0) : short);
}

export function oid(dotted: string): Uint8Array {
  const numbers = dotted.split('.').map(Number);
  const [first = 0, second = 0, ...rest] = numbers;
  const octets: number[] = [];
  for (const number of [first * 40 + second, ...rest]) {
    const groups = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) | 0x80);
    }
    octets.push(...groups);
  }
  return tlv(0x06, Uint8Array.from(octets));
}

/** PKCS#11 gives ECDSA signatures as r and s of equal width; everybody else wants SEQUENCE{r, s}. */
export function ecdsaRawToDer(raw: Uint8Array): Uint8Array {
  if (raw.length === 0 || raw.length % 2 !== 0) throw new DerError('r and s must be of equal width');
  const half = raw.length / 2;
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}
