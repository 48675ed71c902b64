import { X509Certificate } from 'node:crypto';
import { describeCertificate, readRawNames } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { equalBytes, expectTlv, oid, readAll, readTlv, sequence } from './der.ts';
import { isSm2Signature, sm2PointOf } from './sm2.ts';

export interface TrustQuestion {
  /** DER of the authorities this region accepts; roots or intermediates. */
  trustAnchors: readonly Uint8Array[];
  /** ISO UTC: the moment for which validity is judged. */
  at: string;
  /** Says whether an authority has withdrawn a certificate. Absent: revocation was not checked. */
  isRevoked?: (certificate: CertificateInfo) => boolean;
}

export type ChainProblem =
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_REVOKED'
  | 'CERTIFICATE_WRONG_USE'
  | 'CERTIFICATE_UNTRUSTED'
  | 'CERTIFICATE_UNKNOWN_EXTRA';

const longestChain = 5;

/**
 * Follows a signer's certificate to a trust anchor (RFC 5280 §6, without names and policies). Every one of `others`
 * must be a step of the way or an anchor: a certificate nobody asked for is refused.
 */
export function checkChain(
  signer: Uint8Array,
  others: readonly Uint8Array[],
  { trustAnchors, at, isRevoked }: TrustQuestion,
): { problems: ChainProblem[]; chain: Uint8Array[] } {
  const problems = new Set<ChainProblem>();
  const chain = [signer];
  const isAnchor = (der: Uint8Array): boolean => trustAnchors.some((anchor) => equalBytes(anchor, der));

  try {
    if (describeCertificate(signer).use !== 'sign') problems.add('CERTIFICATE_WRONG_USE');
    for (let current = signer; !isAnchor(current);) {
      const issuer =
        chain.length < longestChain ? findIssuer(current, [...trustAnchors, ...others]) : undefined;
      if (!issuer || !mayIssue(issuer, chain.length - 1)) {
        problems.add('CERTIFICATE_UNTRUSTED');
        break;
      }
      chain.push(issuer);
      current = issuer;
    }
    for (const der of chain) {
      const certificate = describeCertificate(der);
      if (Date.parse(at) > Date.parse(certificate.notAfter)) problems.add('CERTIFICATE_EXPIRED');
      if (!(Date.parse(at) >= Date.parse(certificate.notBefore))) problems.add('CERTIFICATE_NOT_YET_VALID');
      if (isRevoked?.(certificate)) problems.add('CERTIFICATE_REVOKED');
      if (certificate.unknownCriticalExtensions.length > 0) problems.add('CERTIFICATE_UNTRUSTED');
    }
    const isStep = (der: Uint8Array): boolean => isAnchor(der) || chain.some((step) => equalBytes(step, der));
    if (!others.every(isStep)) problems.add('CERTIFICATE_UNKNOWN_EXTRA');
  } catch {
    // a certificate that cannot be read leads nowhere
    problems.add('CERTIFICATE_UNTRUSTED');
  }
  return { problems: [...problems], chain };
}

function findIssuer(der: Uint8Array, candidates: readonly Uint8Array[]): Uint8Array | undefined {
  const { issuer } = readRawNames(der);
  return candidates.find(
    (candidate) =>
      !equalBytes(candidate, der) &&
      equalBytes(readRawNames(candidate).subject, issuer) &&
      isSignedBy(der, candidate),
  );
}

// GM/T 0015: SM2 with SM3; the parameters are absent, some authorities write NULL
const sm2Algorithms = [
  sequence(oid('1.2.156.10197.1.501')),
  sequence(oid('1.2.156.10197.1.501'), Uint8Array.of(0x05, 0x00)),
];

function isSignedBy(der: Uint8Array, issuer: Uint8Array): boolean {
  if (describeCertificate(issuer).algorithm !== 'SM2-SM3') {
    return new X509Certificate(der).verify(new X509Certificate(issuer).publicKey);
  }
  const parts = readAll(readTlv(der).value);
  const body = expectTlv(parts, 0, 0x30);
  const algorithm = expectTlv(parts, 1, 0x30).raw;
  const bits = expectTlv(parts, 2, 0x03).value;
  const fields = readAll(body.value);
  const named = expectTlv(fields, fields[0]?.tag === 0xa0 ? 2 : 1, 0x30).raw;
  return (
    parts.length === 3 &&
    equalBytes(named, algorithm) &&
    sm2Algorithms.some((known) => equalBytes(known, algorithm)) &&
    bits[0] === 0 &&
    isSm2Signature({ point: sm2PointOf(issuer), data: body.raw, signature: bits.subarray(1) })
  );
}

function mayIssue(der: Uint8Array, authoritiesBelow: number): boolean {
  const { isAuthority, maySignCertificates, pathLength } = describeCertificate(der);
  return isAuthority && maySignCertificates && (pathLength === undefined || pathLength >= authoritiesBelow);
}
