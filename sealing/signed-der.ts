/** The X.509 envelope SIGNED{…}: body, algorithm, signature. Certificates and revocation lists come in it. */
import { verify, X509Certificate } from 'node:crypto';
import { describeCertificate } from './certificate.ts';
import { derNull, equalBytes, expectTlv, oid, readAll, readTlv, sequence } from './der.ts';
import type { Tlv } from './der.ts';
import { isSm2Signature, sm2PointOf } from './sm2.ts';

// GM/T 0015: SM2 with SM3; the parameters are absent, some authorities write NULL
const sm2Algorithms = [
  sequence(oid('1.2.156.10197.1.501')),
  sequence(oid('1.2.156.10197.1.501'), Uint8Array.of(0x05, 0x00)),
];

/** By the algorithm as it stands in DER: hash and kind of key. SHA-1 and MD5 are not among them. */
const algorithms: readonly { der: Uint8Array; hash: string; key: 'rsa' | 'ec' }[] = [
  { der: sequence(oid('1.2.840.113549.1.1.11'), derNull), hash: 'sha256', key: 'rsa' },
  { der: sequence(oid('1.2.840.113549.1.1.12'), derNull), hash: 'sha384', key: 'rsa' },
  { der: sequence(oid('1.2.840.113549.1.1.13'), derNull), hash: 'sha512', key: 'rsa' },
  { der: sequence(oid('1.2.840.10045.4.3.2')), hash: 'sha256', key: 'ec' },
  { der: sequence(oid('1.2.840.10045.4.3.3')), hash: 'sha384', key: 'ec' },
  { der: sequence(oid('1.2.840.10045.4.3.4')), hash: 'sha512', key: 'ec' },
];

/** The fields of the body. Throws DerError. */
export function readSignedBody(der: Uint8Array): Tlv[] {
  return readAll(expectTlv(readAll(readTlv(der).value), 0, 0x30).value);
}

/**
 * Whether the key of `issuer` (DER of a certificate) signed it. `namedAt` is the place of the algorithm among the
 * body's fields, where it must stand a second time, unchanged. Throws DerError for what is no such structure.
 */
export function isSignedStructure(der: Uint8Array, issuer: Uint8Array, namedAt: number): boolean {
  const outer = readTlv(der);
  const parts = readAll(outer.value);
  const body = expectTlv(parts, 0, 0x30);
  const algorithm = expectTlv(parts, 1, 0x30).raw;
  const bits = expectTlv(parts, 2, 0x03).value;
  const named = expectTlv(readAll(body.value), namedAt, 0x30).raw;
  if (parts.length !== 3 || outer.raw.length !== der.length) return false;
  if (!equalBytes(named, algorithm) || bits[0] !== 0) return false;
  const signature = bits.subarray(1);
  if (describeCertificate(issuer).algorithm === 'SM2-SM3') {
    const isKnown = sm2Algorithms.some((known) => equalBytes(known, algorithm));
    return isKnown && isSm2Signature({ point: sm2PointOf(issuer), data: body.raw, signature });
  }
  const known = algorithms.find((one) => equalBytes(one.der, algorithm));
  const key = new X509Certificate(issuer).publicKey;
  if (!known || key.asymmetricKeyType !== known.key) return false;
  return verify(known.hash, body.raw, key, signature);
}
