/**
 * A seal over bytes that are no PDF: the record as a whole. The same CMS as in a PDF, always of the second form (cms.ts), so
 * it has one writing and its algorithms and authorities are signed. What it covers starts with `{`, a PDF with `%`: neither
 * can be passed off as the other.
 */
import { createHash } from 'node:crypto';
import { certificateFingerprint, describeCertificate } from './certificate.ts';
import { checkChain } from './chain.ts';
import type { TrustQuestion } from './chain.ts';
import { buildCms, buildSignedAttributes, orderUpwards, readCms } from './cms.ts';
import type { SignedMeaning } from './cms.ts';
import { equalBytes } from './der.ts';
import { cmsProblems } from './locate-signature.ts';
import { sealProblem } from './problems.ts';
import type { SealProblem, SealProblemCode } from './problems.ts';
import { profileOf, profiles } from './profiles.ts';
import { isNormalSignature, isSignatureOf, normaliseSignature } from './signature.ts';
import type { SignerIdentity } from './verify-signature.ts';

export interface PreparedRecordSeal {
  /** What the token signs. */
  dataToSign: Uint8Array;
  meaning: SignedMeaning;
}

/** `chain`: certificates of the authorities that shall travel along, any order. */
export function prepareRecordSeal(
  content: Uint8Array,
  { signerCertificate, chain = [] }: { signerCertificate: Uint8Array; chain?: readonly Uint8Array[] },
): PreparedRecordSeal {
  const { digest } = profiles[profileOf(describeCertificate(signerCertificate).algorithm)];
  const meaning: SignedMeaning = {
    form: 2,
    digest: createHash(digest).update(content).digest(),
    signerCertificate,
    others: orderUpwards(signerCertificate, chain),
  };
  return { dataToSign: buildSignedAttributes(meaning), meaning };
}

/** The CMS, DER. */
export function completeRecordSeal({ meaning }: PreparedRecordSeal, signature: Uint8Array): Uint8Array {
  return buildCms({ ...meaning, signature: normaliseSignature(meaning.signerCertificate, signature) });
}

export interface RecordSealReport {
  valid: boolean;
  problems: SealProblem[];
  /** Present as soon as the CMS could be read, valid or not. */
  signer?: SignerIdentity;
}

/** Judges a CMS over `content`. Never throws for what is in it. */
export function verifyRecordSeal(
  cms: Uint8Array,
  content: Uint8Array,
  trust: TrustQuestion,
): RecordSealReport {
  const reading = readCms(cms);
  if (!reading.ok) return report([cmsProblems[reading.reason]]);
  const { form, signerCertificate, others, digest, signature, timestamp } = reading.parts;
  const codes = new Set<SealProblemCode>();
  const info = describeCertificate(signerCertificate);
  // nobody stamps a record: what stands there was added by another hand
  if (form !== 2 || timestamp) codes.add('PROFILE_WRONG');
  const actual = createHash(profiles[profileOf(info.algorithm)].digest).update(content).digest();
  if (!equalBytes(actual, digest)) codes.add('DIGEST_WRONG');
  const signed = { certificate: signerCertificate, data: reading.signedAttributes, signature };
  if (!isSignatureOf(signed)) codes.add('SIGNATURE_WRONG');
  if (!isNormalSignature(signerCertificate, signature)) codes.add('SIGNATURE_NOT_NORMAL');
  for (const problem of checkChain(signerCertificate, others, trust).problems) codes.add(problem);
  return report([...codes], { ...info, fingerprint: certificateFingerprint(signerCertificate) });
}

function report(codes: readonly SealProblemCode[], signer?: SignerIdentity): RecordSealReport {
  return {
    valid: codes.length === 0,
    problems: codes.map((code) => sealProblem(code)),
    ...(signer ? { signer } : {}),
  };
}
