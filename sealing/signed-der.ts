/** The X.509 envelope SIGNED{…}: body, algorithm, signature. Certificates and revocation lists come in it. */
import { verify, X509Certificate } from 'node:crypto';
import { judgeSignatureAlgorithm } from './algorithms.ts';
import { describeCertificate } from './certificate.ts';
import { equalBytes, expectTlv, readAll, readTlv } from './der.ts';
import type { Tlv } from './der.ts';
import { isSm2Signature, sm2PointOf } from './sm2.ts';

/** The fields of the body. Throws DerError. */
export function readSignedBody(der: Uint8Array): Tlv[] {
  return readAll(expectTlv(readAll(readTlv(der).value), 0, 0x30).value);
}

/**
 * Whether the key of `issuer` (DER of a certificate) signed it. `namedAt` is the place of the algorithm among the
 * body's fields, where it must stand a second time, unchanged. Throws DerError for what is no such structure.
 */
export function isSignedStructure(der: Uint8Array, issuer: Uint8Array, namedAt: number): boolean {
  const outer = expectTlv([readTlv(der)], 0, 0x30);
  const parts = readAll(outer.value);
  const body = expectTlv(parts, 0, 0x30);
  const algorithm = expectTlv(parts, 1, 0x30).raw;
  const bits = expectTlv(parts, 2, 0x03).value;
  const named = expectTlv(readAll(body.value), namedAt, 0x30).raw;
  if (parts.length !== 3 || outer.raw.length !== der.length) return false;
  if (!equalBytes(named, algorithm) || bits[0] !== 0) return false;
  const signature = bits.subarray(1);
  const known = judgeSignatureAlgorithm(algorithm);
  if (typeof known === 'string') return false;
  if (known.key === 'sm2') {
    const isSm2 = describeCertificate(issuer).algorithm === 'SM2-SM3';
    return isSm2 && isSm2Signature({ point: sm2PointOf(issuer), data: body.raw, signature });
  }
  const key = new X509Certificate(issuer).publicKey;
  return key.asymmetricKeyType === known.key && verify(known.hash, body.raw, key, signature);
}
