/**
 * Distinguished names (X.501) as authorities really write them: read as the name they mean, and compared as RFC 5280 §7.1
 * says. The comparison only finds an issuer; that the issuer signed is another question (chain.ts).
 */
import { equalBytes, expectTlv, readAll, readTlv } from './der.ts';
import type { Tlv } from './der.ts';

export interface NameAttribute {
  /** Dotted identifier. */
  type: string;
  /** The characters that the authority meant; undefined where the value is no text. */
  text: string | undefined;
  /** The value as it stands. */
  value: Tlv;
}

/** Most significant first; several attributes in one part are a set. */
export type DistinguishedName = readonly (readonly NameAttribute[])[];

/** Throws DerError for what is no name. */
export function readDistinguishedName(der: Uint8Array): DistinguishedName {
  return readAll(expectTlv([readTlv(der)], 0, 0x30).value).map((part) =>
    readAll(expectTlv([part], 0, 0x31).value).map(({ value: pair }) => {
      const fields = readAll(pair);
      const value = fields[1];
      if (!value) throw new Error('an attribute without a value');
      return { type: dotted(expectTlv(fields, 0, 0x06).value), text: textOf(value), value };
    }),
  );
}

/** RFC 5280 §7.1: strings are equal whatever their type, case and inner spaces; every other value byte for byte. */
export function isSameName(left: DistinguishedName, right: DistinguishedName): boolean {
  return left.length === right.length && isNameWithin(left, right);
}

/** Whether `name` begins with all of `subtree` (RFC 5280 §4.2.1.10, directoryName). */
export function isNameWithin(name: DistinguishedName, subtree: DistinguishedName): boolean {
  return subtree.length <= name.length && subtree.every((part, index) => isSamePart(part, name[index] ?? []));
}

function isSamePart(left: readonly NameAttribute[], right: readonly NameAttribute[]): boolean {
  return left.length === right.length && sortedKeys(left).join('\n') === sortedKeys(right).join('\n');
}

function sortedKeys(part: readonly NameAttribute[]): string[] {
  return part
    .map(({ type, text, value }) =>
      text === undefined
        ? `${type} ${Buffer.from(value.raw).toString('hex')}`
        : `${type}=${foldText(text).replaceAll('\n', ' ')}`,
    )
    .sort();
}

/** The steps of RFC 4518 that RFC 5280 asks for: compatibility forms, case, spaces at the ends and in the middle. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC').trim().replace(/\s+/gu, ' ');
}

/**
 * The text of a string value. Authorities put UTF-8 into a PrintableString and GBK into a TeletexString or a UTF8String;
 * the bytes say which, for hardly any Chinese text is valid in both.
 */
export function textOf({ tag, value }: Tlv): string | undefined {
  switch (tag) {
    case 0x0c: // UTF8String
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x14: // TeletexString
    case 0x16: // IA5String
    case 0x1a: // VisibleString
    case 0x1b: // GeneralString
      return decode('utf-8', value) ?? decodeGbk(value) ?? Buffer.from(value).toString('latin1');
    case 0x1e: // BMPString
      return decode('utf-16be', value);
    case 0x1c: // UniversalString
      return decodeUtf32(value);
    default:
      return undefined;
  }
}

function decode(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // another encoding, the caller knows which to try next
    return undefined;
  }
}

/** Two neighbours of the upper half stand for one hanzi; in Latin-1 accented letters hardly ever follow each other. */
function decodeGbk(bytes: Uint8Array): string | undefined {
  const hasPair = bytes.some((byte, index) => byte >= 0xa1 && (bytes[index + 1] ?? 0) >= 0xa1);
  return hasPair ? decode('gb18030', bytes) : undefined;
}

function decodeUtf32(bytes: Uint8Array): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codes = Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4));
  return codes.every((code) => code <= 0x10ffff) ? String.fromCodePoint(...codes) : undefined;
}

/** Content octets of an OBJECT IDENTIFIER as text. Throws where they are none, or are not the shortest. */
export function dotted(octets: Uint8Array): string {
  const numbers: number[] = [];
  let number = 0;
  let isOpen = false;
  for (const octet of octets) {
    if (!isOpen && octet === 0x80) throw new Error('an identifier that is not the shortest');
    number = number * 128 + (octet & 0x7f);
    if (number > Number.MAX_SAFE_INTEGER / 128) throw new Error('an identifier too large');
    isOpen = (octet & 0x80) !== 0;
    if (isOpen) continue;
    numbers.push(number);
    number = 0;
  }
  const [first, ...rest] = numbers;
  if (isOpen || first === undefined) throw new Error('no identifier');
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** Whether two names are equal byte for byte or by meaning; both DER. Throws DerError. */
export function isSameNameDer(left: Uint8Array, right: Uint8Array): boolean {
  return equalBytes(left, right) || isSameName(readDistinguishedName(left), readDistinguishedName(right));
}
