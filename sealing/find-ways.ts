/** Every way from a certificate over issuers to a trusted authority: names lead, signatures decide. */
import { equalBytes } from './der.ts';
import { isSameName } from './names.ts';
import type { PathFacts } from './path-facts.ts';
import { isSignedStructure, readSignedBody } from './signed-der.ts';

export interface Way {
  /** From the certificate upwards. */
  steps: PathFacts[];
  /** `dead-end`: no issuer is known that signed the last step. */
  end: 'anchor' | 'dead-end' | 'too-long';
}

const longestWay = 8;
/** Authorities that issued each other's certificates make more ways than anybody needs to look at. */
const maxLooks = 200;

/** Ways to an anchor where there are any, shortest first; else the one that leads furthest. Never empty. */
export function findWays(
  start: PathFacts,
  {
    candidates,
    isAnchor,
  }: { candidates: readonly PathFacts[]; isAnchor: (certificate: PathFacts) => boolean },
): Way[] {
  const arrived: Way[] = [];
  let furthest: Way = { steps: [], end: 'dead-end' };
  let looks = 0;
  const waiting: PathFacts[][] = [[start]];
  for (let steps = waiting.shift(); steps; steps = waiting.shift()) {
    const current = steps.at(-1) ?? start;
    if (isAnchor(current)) {
      arrived.push({ steps, end: 'anchor' });
      continue;
    }
    const issuers: PathFacts[] = [];
    for (const candidate of candidates) {
      const isKnown = [...steps, ...issuers].some(({ der }) => equalBytes(der, candidate.der));
      if (isKnown || !isSameName(current.issuer, candidate.subject) || looks++ >= maxLooks) continue;
      if (isSignedBy(current, candidate)) issuers.push(candidate);
    }
    const isTooLong = steps.length >= longestWay && issuers.length > 0;
    if (steps.length > furthest.steps.length) furthest = { steps, end: isTooLong ? 'too-long' : 'dead-end' };
    if (!isTooLong) waiting.push(...issuers.map((issuer) => [...steps, issuer]));
  }
  return arrived.length > 0 ? arrived : [furthest];
}

function isSignedBy(certificate: PathFacts, issuer: PathFacts): boolean {
  // nobody checks a signature that proves nothing: the name leads on, and the fault is told
  if (certificate.signatureFault || issuer.keyFault) return true;
  try {
    const { der } = certificate;
    return isSignedStructure(der, issuer.der, readSignedBody(der)[0]?.tag === 0xa0 ? 2 : 1);
  } catch {
    // a signature that cannot be read was made by nobody
    return false;
  }
}
