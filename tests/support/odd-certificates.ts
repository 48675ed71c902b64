/** Certificates as nobody should issue them, and as authorities nevertheless do: every part of them can be chosen. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { derNull, integer, octetString, oid, sequence, tlv } from '#sealing/der.ts';
import type { KeyPair } from '#tests/emulators/signing-token/demo-ca.ts';

export type NamePart = readonly [type: string, tag: number, value: string | Uint8Array];

export interface OddCertificate extends KeyPair {
  der: Uint8Array;
  name: Uint8Array;
}

export interface OddOrder {
  name: Uint8Array;
  /** Absent: signs itself. */
  issuer?: Pick<OddCertificate, 'privateKey' | 'name'>;
  /** As the certificate calls its issuer, where that is not how the issuer calls itself. */
  issuerName?: Uint8Array;
  keys?: KeyPair;
  serial?: number;
  notBefore?: string;
  notAfter?: string;
  /** DER of Extension each; `authority()` and `usage()` make the common ones. */
  extensions?: readonly Uint8Array[];
  signature?: keyof typeof signatureAlgorithms;
  /** Stands in place of the key's own SubjectPublicKeyInfo. */
  keyInfo?: Uint8Array;
}

export const signatureAlgorithms = {
  'RSA-SHA256': { id: '1.2.840.113549.1.1.11', hash: 'RSA-SHA256', parameters: [derNull] },
  'RSA-SHA256 without NULL': { id: '1.2.840.113549.1.1.11', hash: 'RSA-SHA256', parameters: [] },
  'RSA-SHA512': { id: '1.2.840.113549.1.1.13', hash: 'RSA-SHA512', parameters: [derNull] },
  'RSA-SHA1': { id: '1.2.840.113549.1.1.5', hash: 'RSA-SHA1', parameters: [derNull] },
  'RSA-MD5': { id: '1.2.840.113549.1.1.4', hash: 'RSA-MD5', parameters: [derNull] },
  'RSA-SHA224': { id: '1.2.840.113549.1.1.14', hash: 'RSA-SHA224', parameters: [derNull] },
  'ECDSA-SHA256': { id: '1.2.840.10045.4.3.2', hash: 'SHA256', parameters: [] },
  'ECDSA-SHA384': { id: '1.2.840.10045.4.3.3', hash: 'SHA384', parameters: [] },
  'ECDSA-SHA1': { id: '1.2.840.10045.4.1', hash: 'SHA1', parameters: [] },
} as const;

/** One attribute a part, in the order given. Tags: 0x0c UTF8String, 0x13 PrintableString, 0x14 TeletexString, 0x1e BMPString. */
export function nameOf(...parts: readonly NamePart[]): Uint8Array {
  return sequence(
    ...parts.map(([type, tag, value]) =>
      tlv(0x31, sequence(oid(type), tlv(tag, typeof value === 'string' ? Buffer.from(value) : value))),
    ),
  );
}

export const organisation = (text: string | Uint8Array, tag = 0x0c): NamePart => ['2.5.4.10', tag, text];
export const commonName = (text: string | Uint8Array, tag = 0x0c): NamePart => ['2.5.4.3', tag, text];
export const country: NamePart = ['2.5.4.6', 0x13, 'CN'];

export function extension(id: string, value: Uint8Array, isCritical = false): Uint8Array {
  return sequence(oid(id), ...(isCritical ? [Uint8Array.of(0x01, 0x01, 0xff)] : []), octetString(value));
}

export function authority(pathLength?: number): Uint8Array {
  const levels = pathLength === undefined ? [] : [integer(Uint8Array.of(pathLength))];
  return extension('2.5.29.19', sequence(Uint8Array.of(0x01, 0x01, 0xff), ...levels), true);
}

/** Octet of KeyUsage: 0x80 signature, 0x40 commitment, 0x20 key encipherment, 0x04 certificates, 0x02 lists. */
export const usage = (bits: number): Uint8Array =>
  extension('2.5.29.15', tlv(0x03, Uint8Array.of(0, bits)), true);

export const extendedUses = (...ids: string[]): Uint8Array =>
  extension('2.5.29.37', sequence(...ids.map((id) => oid(id))));

export type Subtree = readonly [kind: number, value: string | Uint8Array];

export function nameConstraints({
  permitted = [],
  excluded = [],
}: {
  permitted?: readonly Subtree[];
  excluded?: readonly Subtree[];
}): Uint8Array {
  const list = (tag: number, subtrees: readonly Subtree[]): Uint8Array[] =>
    subtrees.length === 0 ? [] : [tlv(tag, ...subtrees.map((one) => sequence(generalName(one))))];
  return extension('2.5.29.30', sequence(...list(0xa0, permitted), ...list(0xa1, excluded)), true);
}

export const alternativeNames = (...names: readonly Subtree[]): Uint8Array =>
  extension('2.5.29.17', sequence(...names.map(generalName)));

function generalName([kind, value]: Subtree): Uint8Array {
  return tlv(
    (kind === 4 || kind === 0 ? 0xa0 : 0x80) | kind,
    typeof value === 'string' ? Buffer.from(value) : value,
  );
}

export const signerExtensions = [usage(0xc0)];
export const authorityExtensions = [authority(), usage(0x06)];

export function makeOdd({
  name,
  issuer,
  keys = ecKeys(),
  serial = 1,
  notBefore = '2025-01-01T00:00:00Z',
  notAfter = '2030-01-01T00:00:00Z',
  extensions = [],
  ...rest
}: OddOrder): OddCertificate {
  const { privateKey } = issuer ?? keys;
  const algorithm =
    signatureAlgorithms[
      rest.signature ?? (privateKey.asymmetricKeyType === 'rsa' ? 'RSA-SHA256' : 'ECDSA-SHA256')
    ];
  const identifier = sequence(oid(algorithm.id), ...algorithm.parameters);
  const body = sequence(
    tlv(0xa0, integer(Uint8Array.of(2))),
    integer(Uint8Array.of(serial)),
    identifier,
    rest.issuerName ?? issuer?.name ?? name,
    sequence(...[notBefore, notAfter].map(timeOf)),
    name,
    rest.keyInfo ?? keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign(algorithm.hash, body, privateKey);
  return { ...keys, name, der: sequence(body, identifier, tlv(0x03, Uint8Array.of(0), signature)) };
}

export const ecKeys = (namedCurve = 'P-256'): KeyPair => generateKeyPairSync('ec', { namedCurve });
export const rsaKeys = (modulusLength = 2048, publicExponent = 0x10001): KeyPair =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });

function timeOf(at: string): Uint8Array {
  const text = at.replace(/[-:T]/g, '').replace(/\.\d+/, '');
  return Number(at.slice(0, 4)) < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}
