/** One signature of a PDF: its place, its CMS, its signer's certificate and its time stamp. */
import { createHash } from 'node:crypto';
import { certificateFingerprint, describeCertificate } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { checkChain } from './chain.ts';
import type { RevocationState, TrustQuestion } from './chain.ts';
import { equalBytes } from './der.ts';
import type { FoundSignature } from './inspect-pdf.ts';
import { checkContents } from './locate-signature.ts';
import { sealProblem } from './problems.ts';
import type { SealProblem, SealProblemCode } from './problems.ts';
import { profileOf, profiles } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { isNormalSignature, isSignatureOf } from './signature.ts';
import { checkTimestamp } from './timestamp.ts';
import type { TimestampReport } from './timestamp.ts';

export interface SignerIdentity extends CertificateInfo {
  fingerprint: string;
}

export interface SignatureReport {
  fieldName: string;
  valid: boolean;
  problems: SealProblem[];
  /** As the file names it; `gm` can be checked by this product and by GM software, not by Adobe's. */
  profile?: ProfileName;
  /** Present as soon as the CMS could be read, valid or not. */
  signer?: SignerIdentity;
  /** ISO UTC, as the signer's own clock said; not proven. */
  claimedAt?: string;
  reason?: string;
  /** Present when the signature carries a time stamp, good or bad. */
  timestamp?: TimestampReport;
  /** ISO UTC: the moment for which the certificate was judged: a proven time stamp's, else the caller's. */
  judgedAt?: string;
  /** From the signer upwards, without the anchor's own state. */
  revocation?: RevocationState[];
  /** Names on the way from the signer to the authority that is trusted. */
  chain?: { holderName: string; serialNumber: string; notBefore: string; notAfter: string }[];
  coversWholeFile: boolean;
  /** The signed revision is `pdf.subarray(0, revisionLength)`. */
  revisionLength: number;
}

/** Never throws for what is in the file. */
export function verifySignature(
  pdf: Uint8Array,
  found: FoundSignature,
  trust: TrustQuestion,
): SignatureReport {
  const { fieldName: name, contents, gap, end, profile: named, claimedAt, reason } = found;
  const codes = new Set<SealProblemCode>(found.codes);
  const checked = contents === '' ? undefined : checkContents(contents, codes);
  const claims = {
    ...(claimedAt === undefined ? {} : { claimedAt }),
    ...(reason === undefined ? {} : { reason }),
  };
  let signer: SignerIdentity | undefined;
  let timestamp: TimestampReport | undefined;
  let judgedAt: string | undefined;
  let followed: ReturnType<typeof checkChain> | undefined;
  if (checked) {
    const { signerCertificate, others, digest, signature } = checked.parts;
    signer = {
      ...describeCertificate(signerCertificate),
      fingerprint: certificateFingerprint(signerCertificate),
    };
    const profile = profileOf(signer.algorithm);
    // a signature in GM identifiers must not stand under the name that other viewers know, nor the other way round
    if (profile !== named) codes.add('PROFILE_WRONG');
    const actual = createHash(profiles[profile].digest)
      .update(pdf.subarray(0, gap.start))
      .update(pdf.subarray(gap.end, end))
      .digest();
    if (!equalBytes(actual, digest)) codes.add('DIGEST_WRONG');
    const signed = { certificate: signerCertificate, data: checked.signedAttributes, signature };
    if (!isSignatureOf(signed)) codes.add('SIGNATURE_WRONG');
    const isOneForm = checked.parts.form === 2;
    if (isOneForm && !isNormalSignature(signerCertificate, signature)) codes.add('SIGNATURE_NOT_NORMAL');
    timestamp =
      checked.parts.timestamp && checkTimestamp(checked.parts.timestamp, signature, { ...trust, isOneForm });
    for (const problem of timestamp?.problems ?? []) codes.add(problem);
    const stamped = timestamp?.isProven ? timestamp.at : undefined;
    judgedAt = stamped ?? trust.at;
    if (!isInOrder({ stamped: timestamp?.at, claimed: claims.claimedAt, at: trust.at }))
      codes.add('TIMESTAMP_ORDER');
    followed = checkChain(signerCertificate, others, { ...trust, at: judgedAt });
    for (const problem of followed.problems) codes.add(problem);
  }
  return {
    fieldName: name,
    valid: codes.size === 0,
    problems: [...codes].map((code) => sealProblem(code, name)),
    ...(named ? { profile: named } : {}),
    ...(signer ? { signer } : {}),
    ...claims,
    ...(timestamp ? { timestamp } : {}),
    ...(judgedAt ? { judgedAt } : {}),
    ...(followed ? { revocation: followed.revocation, chain: followed.chain.flatMap(nameStep) } : {}),
    coversWholeFile: end === pdf.length,
    revisionLength: end,
  };
}

function nameStep(der: Uint8Array): NonNullable<SignatureReport['chain']> {
  try {
    const { holderName, personName, serialNumber, notBefore, notAfter } = describeCertificate(der);
    return [{ holderName: personName ?? holderName, serialNumber, notBefore, notAfter }];
  } catch {
    // checkChain has said that this step leads nowhere
    return [];
  }
}

/** Clocks differ; beyond this a stamp was not made when the paper says. */
const clockToleranceMs = 5 * 60_000;

/** A stamp cannot be older than the seal that it stamps, nor come from the future. */
function isInOrder(times: {
  stamped?: string | undefined;
  claimed?: string | undefined;
  at: string;
}): boolean {
  if (times.stamped === undefined) return true;
  const stampedMs = Date.parse(times.stamped);
  if (stampedMs > Date.parse(times.at) + clockToleranceMs) return false;
  return times.claimed === undefined || stampedMs >= Date.parse(times.claimed) - clockToleranceMs;
}
