/**
 * Certificates out of whatever file an authority hands out: PEM or DER, one or a bundle in any order, PKCS#7 (`.p7b`), with
 * text between them or none.
 */
import { fromBER, ObjectIdentifier, Sequence } from 'asn1js';
import type { BaseBlock } from 'asn1js';
import { describeCertificate } from './certificate.ts';

// RFC 5652, and GM/T 0010
const signedData = new Set(['1.2.840.113549.1.7.2', '1.2.156.10197.6.1.4.2.2']);

/** DER of each, in the file's order, none twice. Throws where there is none, or where one cannot be read. */
export function readCertificates(file: Uint8Array): Uint8Array[] {
  const distinct = new Map<string, Uint8Array>();
  for (const block of blocksOf(file)) {
    for (const der of certificatesIn(block)) {
      describeCertificate(der);
      distinct.set(Buffer.from(der).toString('latin1'), der);
    }
  }
  if (distinct.size === 0) throw new Error('no certificate');
  return [...distinct.values()];
}

/**
 * Those of them that may be trusted to issue: a bundle often begins with the certificate of a server or a company, which
 * is nobody's authority. Where there is no authority at all, what is there is trusted for itself.
 */
export function readAuthorities(file: Uint8Array): Uint8Array[] {
  const all = readCertificates(file);
  const authorities = all.filter((der) => describeCertificate(der).isAuthority);
  return authorities.length > 0 ? authorities : all;
}

function blocksOf(file: Uint8Array): Uint8Array[] {
  const text = textOf(file);
  if (text === undefined) return [file];
  const armoured = [
    ...text.matchAll(
      /-----BEGIN (?:(?:X509 |TRUSTED )?CERTIFICATE|PKCS7|CMS|PKCS #7 SIGNED DATA)-----([^-]+)-----END /g,
    ),
  ].map(([, body = '']) => fromBase64(body));
  if (armoured.length > 0) return armoured;
  // base64 without its armour
  const bare = text.replace(/\s+/g, '');
  return /^MI[A-Za-z0-9+/]+={0,2}$/.test(bare) ? [fromBase64(bare)] : [];
}

/** PEM as text, in the encodings that editors on Windows leave; undefined for DER. */
function textOf(file: Uint8Array): string | undefined {
  if (file[0] === 0x30) return undefined;
  const isWide = (file[0] === 0xff && file[1] === 0xfe) || file[1] === 0;
  return Buffer.from(file).toString(isWide ? 'utf16le' : 'latin1');
}

/** Lines before the base64 (`Proc-Type: …`, `friendlyName: …`) are no part of it. */
function fromBase64(body: string): Uint8Array {
  const lines = body.split(/\r?\n/).filter((line) => !line.includes(':'));
  return new Uint8Array(Buffer.from(lines.join(''), 'base64'));
}

/** One certificate, or all of a PKCS#7, which may come in BER without lengths. */
function certificatesIn(bytes: Uint8Array): Uint8Array[] {
  const { result, offset } = fromBER(new Uint8Array(bytes).buffer);
  if (offset <= 0 || !(result instanceof Sequence)) throw new Error('no certificate');
  const [type, wrapped] = result.valueBlock.value;
  if (!(type instanceof ObjectIdentifier)) return [new Uint8Array(bytes.subarray(0, offset))];
  if (!signedData.has(type.valueBlock.toString())) throw new Error('PKCS#7 of another kind');
  const set = childrenOf(childrenOf(wrapped)[0]).find(({ idBlock }) => isContext(idBlock, 0));
  return childrenOf(set).map((one) => new Uint8Array(one.valueBeforeDecodeView));
}

function childrenOf(block: BaseBlock | undefined): BaseBlock[] {
  const inner: unknown = block && 'value' in block.valueBlock ? block.valueBlock.value : undefined;
  return Array.isArray(inner) ? (inner as BaseBlock[]) : [];
}

const isContext = ({ tagClass, tagNumber }: BaseBlock['idBlock'], number: number): boolean =>
  tagClass === 3 && tagNumber === number;
