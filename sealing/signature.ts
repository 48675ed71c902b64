import { constants, verify, X509Certificate } from 'node:crypto';
import { describeCertificate } from './certificate.ts';
import { curveOrder } from './algorithms.ts';
import { equalBytes, expectTlv, integer, readAll, readTlv, sequence } from './der.ts';
import type { Tlv } from './der.ts';
import { isSm2Signature, sm2PointOf } from './sm2.ts';

/** Whether `signature` (as the token port gives it) was made over `data` by the certificate's key, with SHA-256 or SM3. */
export function isSignatureOf({
  certificate,
  data,
  signature,
}: {
  certificate: Uint8Array;
  data: Uint8Array;
  signature: Uint8Array;
}): boolean {
  try {
    if (describeCertificate(certificate).algorithm === 'SM2-SM3') {
      return isSm2Signature({ point: sm2PointOf(certificate), data, signature });
    }
    const key = new X509Certificate(certificate).publicKey;
    if (key.asymmetricKeyType === 'rsa') {
      return verify('sha256', data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    }
    return key.asymmetricKeyType === 'ec' && verify('sha256', data, key, signature);
  } catch {
    // a signature that cannot even be parsed is a wrong signature
    return false;
  }
}

/**
 * Of the two signatures that anybody can make of one ECDSA signature, (r, s) and (r, n - s), the one with the low s; in DER.
 * Whatever else it is given comes back as it is: RSA with PKCS#1 v1.5 has one writing, and so has SM2, where only who knows
 * the private key can find a second s (the check adds r and s before it multiplies, so a change of sign does not cancel).
 */
export function normaliseSignature(certificate: Uint8Array, signature: Uint8Array): Uint8Array {
  const numbers = readEcdsa(certificate, signature);
  if (!numbers || numbers.s <= numbers.order / 2n) return signature;
  return sequence(toInteger(numbers.r), toInteger(numbers.order - numbers.s));
}

/** Whether nobody but the signer could write the signature in another way. */
export function isNormalSignature(certificate: Uint8Array, signature: Uint8Array): boolean {
  return equalBytes(normaliseSignature(certificate, signature), signature);
}

/** The public key as it stands in a certificate. Throws DerError. */
function keyInfoOf(certificate: Uint8Array): Tlv {
  const body = readAll(expectTlv(readAll(readTlv(certificate).value), 0, 0x30).value);
  return expectTlv(body, body[0]?.tag === 0xa0 ? 6 : 5, 0x30);
}

function readEcdsa(
  certificate: Uint8Array,
  signature: Uint8Array,
): { r: bigint; s: bigint; order: bigint } | undefined {
  try {
    const order = curveOrder(keyInfoOf(certificate));
    if (order === undefined) return undefined;
    const numbers = readAll(readTlv(signature).value);
    const [r, s] = [0, 1].map((index) => toNumber(expectTlv(numbers, index, 0x02).value));
    if (r === undefined || s === undefined || s <= 0n || s >= order) return undefined;
    return { r, s, order };
  } catch {
    // no ECDSA signature: the check of the signature itself refuses it
    return undefined;
  }
}

const toNumber = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);

function toInteger(number: bigint): Uint8Array {
  const digits = number.toString(16);
  return integer(Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex'));
}
