import { equalBytes } from './der.ts';
import { findWays } from './find-ways.ts';
import type { Way } from './find-ways.ts';
import { isAllowedName } from './name-constraints.ts';
import { readPathFacts } from './path-facts.ts';
import type { PathFacts } from './path-facts.ts';

export interface TrustQuestion {
  /** What the signer's certificate is used for; default: a seal. */
  purpose?: Purpose;
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

export type Purpose = 'seal' | 'login' | 'time';

export type ChainProblem =
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'CERTIFICATE_REVOKED'
  | 'REVOCATION_UNKNOWN'
  | 'CERTIFICATE_WRONG_USE'
  | 'CERTIFICATE_WRONG_PURPOSE'
  | 'CERTIFICATE_OF_AUTHORITY'
  | 'CERTIFICATE_WEAK'
  | 'CERTIFICATE_UNSUPPORTED'
  | 'CERTIFICATE_MALFORMED'
  | 'CERTIFICATE_EXTENSION_UNKNOWN'
  | 'CERTIFICATE_NAME_FORBIDDEN'
  | 'CERTIFICATE_ISSUER_NOT_ALLOWED'
  | 'CERTIFICATE_CHAIN_TOO_LONG'
  | 'CERTIFICATE_UNTRUSTED'
  | 'CERTIFICATE_UNKNOWN_EXTRA';

export interface CheckedChain {
  problems: ChainProblem[];
  /** From the signer upwards, as far as it could be followed. */
  chain: Uint8Array[];
  revocation: RevocationState[];
}

// RFC 5280 §4.2.1.12: where uses stand, only they are allowed. RFC 9336 documents, the same of Microsoft and Adobe, mail
const documentUses = ['1.3.6.1.5.5.7.3.36', '1.3.6.1.4.1.311.10.3.12', '1.2.840.113583.1.1.5'];
const mailUse = '1.3.6.1.5.5.7.3.4';
const clientUse = '1.3.6.1.5.5.7.3.2';
const timeUse = '1.3.6.1.5.5.7.3.8';
const anyUse = '2.5.29.37.0';
const allowedUses: Readonly<Record<Purpose, readonly string[]>> = {
  seal: [...documentUses, mailUse, anyUse],
  login: [...documentUses, mailUse, clientUse, anyUse],
  time: [timeUse, anyUse],
};

/**
 * Follows a signer's certificate to a trust anchor (RFC 5280 §6 without policies). Every one of `others` must be a step of
 * the way or an anchor: a certificate nobody asked for is refused. Where several ways lead to an anchor, one without a
 * fault counts.
 */
export function checkChain(
  signer: Uint8Array,
  others: readonly Uint8Array[],
  question: TrustQuestion,
): CheckedChain {
  const { trustAnchors } = question;
  const start = readOrNothing(signer);
  if (!start) {
    // a certificate that cannot be read leads nowhere
    return { problems: ['CERTIFICATE_MALFORMED', 'CERTIFICATE_UNTRUSTED'], chain: [signer], revocation: [] };
  }
  const isAnchor = ({ der }: PathFacts): boolean => trustAnchors.some((anchor) => equalBytes(anchor, der));
  const candidates = [...trustAnchors, ...others].flatMap((der) => readOrNothing(der) ?? []);
  const judged = findWays(start, { candidates, isAnchor }).map((way) => judgeWay(way, question));
  const [best] = judged.toSorted((left, right) => left.problems.length - right.problems.length);
  if (!best) throw new Error('a certificate is the beginning of a way at least');
  const isStep = (der: Uint8Array): boolean =>
    [...trustAnchors, ...best.chain].some((step) => equalBytes(step, der));
  if (!others.every(isStep)) best.problems.push('CERTIFICATE_UNKNOWN_EXTRA');
  return best;
}

/** Room that the authorities may take in a seal, whose place in the PDF is limited. */
const maxChainBytes = 6000;

/**
 * Authorities between a signer and the root, as far as they are known here: who judges the seal may trust the root alone.
 * None where no root is known, or where they would not fit.
 */
export function authoritiesBetween(signer: Uint8Array, question: TrustQuestion): Uint8Array[] {
  const isRoot = (der: Uint8Array): boolean => readOrNothing(der)?.isSelfIssued === true;
  const roots = question.trustAnchors.filter(isRoot);
  const others = question.trustAnchors.filter((der) => !isRoot(der));
  const { problems, chain } = checkChain(signer, others, { ...question, trustAnchors: roots });
  const between = chain.slice(1, -1);
  const size = between.reduce((sum, der) => sum + der.length, 0);
  return problems.includes('CERTIFICATE_UNTRUSTED') || size > maxChainBytes ? [] : between;
}

function readOrNothing(der: Uint8Array): PathFacts | undefined {
  try {
    return readPathFacts(der);
  } catch {
    // what is no certificate is nobody's issuer
    return undefined;
  }
}

function judgeWay({ steps, end }: Way, question: TrustQuestion): CheckedChain {
  const { at, revocation, mustKnowRevocation = false, purpose = 'seal' } = question;
  const problems = new Set<ChainProblem>();
  const states: RevocationState[] = [];
  const [signer] = steps;
  if (signer && signer.info.use !== 'sign') problems.add('CERTIFICATE_WRONG_USE');
  if (signer && (signer.info.isAuthority || signer.isNamedIssuer)) problems.add('CERTIFICATE_OF_AUTHORITY');
  for (const [index, step] of steps.entries()) {
    const { info } = step;
    const issuer = steps[index + 1];
    if (Date.parse(at) > Date.parse(info.notAfter)) problems.add('CERTIFICATE_EXPIRED');
    if (!(Date.parse(at) >= Date.parse(info.notBefore))) problems.add('CERTIFICATE_NOT_YET_VALID');
    // who trusts an anchor does not rely on the anchor's own signature over itself
    const fault = step.keyFault ?? (issuer ? step.signatureFault : undefined);
    if (fault) problems.add(fault === 'weak' ? 'CERTIFICATE_WEAK' : 'CERTIFICATE_UNSUPPORTED');
    if (step.hasUnknownExtension) problems.add('CERTIFICATE_EXTENSION_UNKNOWN');
    if (info.extendedUses && !info.extendedUses.ids.some((id) => allowedUses[purpose].includes(id)))
      problems.add('CERTIFICATE_WRONG_PURPOSE');
    if (index > 0 && !mayIssue(step, steps.slice(1, index))) {
      problems.add('CERTIFICATE_ISSUER_NOT_ALLOWED');
      problems.add('CERTIFICATE_UNTRUSTED');
    }
    if (index > 0 && !namesAreAllowed(step, steps.slice(0, index)))
      problems.add('CERTIFICATE_NAME_FORBIDDEN');
    if (!issuer) continue;
    const state = revocation?.({ certificate: step.der, issuer: issuer.der, at }) ?? { kind: 'unknown' };
    states.push(state);
    if (state.kind === 'revoked') problems.add('CERTIFICATE_REVOKED');
    if (mustKnowRevocation && (state.kind === 'unknown' || state.kind === 'stale'))
      problems.add('REVOCATION_UNKNOWN');
  }
  if (end === 'too-long') problems.add('CERTIFICATE_CHAIN_TOO_LONG');
  if (end !== 'anchor') problems.add('CERTIFICATE_UNTRUSTED');
  return { problems: [...problems], chain: steps.map(({ der }) => der), revocation: states };
}

/** RFC 5280 §6.1.4 (k) to (n); certificates that an authority issued to itself do not count as a level. */
function mayIssue({ info }: PathFacts, below: readonly PathFacts[]): boolean {
  const levels = below.filter(({ isSelfIssued }) => !isSelfIssued).length;
  const { isAuthority, maySignCertificates, pathLength } = info;
  return isAuthority && maySignCertificates && (pathLength === undefined || pathLength >= levels);
}

function namesAreAllowed({ nameConstraints }: PathFacts, below: readonly PathFacts[]): boolean {
  if (!nameConstraints) return true;
  try {
    return below.every(
      ({ names, isSelfIssued }, index) =>
        (isSelfIssued && index > 0) || isAllowedName(names, nameConstraints),
    );
  } catch {
    // a name that cannot be read is in no subtree
    return false;
  }
}
