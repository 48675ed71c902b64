import { X509Certificate } from 'node:crypto';
import { describeCertificate, readRawNames } from './certificate.ts';
import { equalBytes } from './der.ts';
import { isSignedStructure, readSignedBody } from './signed-der.ts';

export interface TrustQuestion {
  /** DER of the authorities this region accepts; roots or intermediates. */
  trustAnchors: readonly Uint8Array[];
  /** ISO UTC: the moment for which validity is judged. */
  at: string;
  /** What the lists of the authorities say of a certificate. Absent: revocation is not checked. */
  revocation?: CheckRevocation;
  /** Refuse where no list answers, or only one that has run out. */
  mustKnowRevocation?: boolean;
  /** DER of the authorities whose time stamps prove a time; without them a time stamp is looked at but proves nothing. */
  timestampAnchors?: readonly Uint8Array[];
}

export type CheckRevocation = (question: {
  certificate: Uint8Array;
  issuer: Uint8Array;
  /** ISO UTC: was it withdrawn then? */
  at: string;
}) => RevocationState;

export type RevocationState =
  | { kind: 'good'; thisUpdate: string; nextUpdate?: string }
  | { kind: 'revoked'; since: string }
  /** The list has run out: what it says is shown, and not relied upon. */
  | { kind: 'stale'; thisUpdate: string; nextUpdate?: string }
  /** No list of this authority is here. */
  | { kind: 'unknown' };

export type ChainProblem =
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_REVOKED'
  | 'REVOCATION_UNKNOWN'
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
  { trustAnchors, at, revocation, mustKnowRevocation = false }: TrustQuestion,
): { problems: ChainProblem[]; chain: Uint8Array[]; revocation: RevocationState[] } {
  const problems = new Set<ChainProblem>();
  const states: RevocationState[] = [];
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
    for (const [index, der] of chain.entries()) {
      const certificate = describeCertificate(der);
      if (Date.parse(at) > Date.parse(certificate.notAfter)) problems.add('CERTIFICATE_EXPIRED');
      if (!(Date.parse(at) >= Date.parse(certificate.notBefore))) problems.add('CERTIFICATE_NOT_YET_VALID');
      const issuer = chain[index + 1];
      if (issuer && !isAnchor(der)) {
        const state = revocation?.({ certificate: der, issuer, at }) ?? { kind: 'unknown' };
        states.push(state);
        if (state.kind === 'revoked') problems.add('CERTIFICATE_REVOKED');
        if (mustKnowRevocation && (state.kind === 'unknown' || state.kind === 'stale'))
          problems.add('REVOCATION_UNKNOWN');
      }
      if (certificate.unknownCriticalExtensions.length > 0) problems.add('CERTIFICATE_UNTRUSTED');
    }
    const isStep = (der: Uint8Array): boolean => isAnchor(der) || chain.some((step) => equalBytes(step, der));
    if (!others.every(isStep)) problems.add('CERTIFICATE_UNKNOWN_EXTRA');
  } catch {
    // a certificate that cannot be read leads nowhere
    problems.add('CERTIFICATE_UNTRUSTED');
  }
  return { problems: [...problems], chain, revocation: states };
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

function isSignedBy(der: Uint8Array, issuer: Uint8Array): boolean {
  if (describeCertificate(issuer).algorithm !== 'SM2-SM3') {
    return new X509Certificate(der).verify(new X509Certificate(issuer).publicKey);
  }
  return isSignedStructure(der, issuer, readSignedBody(der)[0]?.tag === 0xa0 ? 2 : 1);
}

function mayIssue(der: Uint8Array, authoritiesBelow: number): boolean {
  const { isAuthority, maySignCertificates, pathLength } = describeCertificate(der);
  return isAuthority && maySignCertificates && (pathLength === undefined || pathLength >= authoritiesBelow);
}
