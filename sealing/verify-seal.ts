/**
 * The strict verifier. Common viewers accept bytes after the signature, rubbish in its padding and flipped bits in
 * the unsigned part of the CMS; a department that stores a paper for thirty years does not. Everything is refused
 * that this product would not have written itself (see cms.ts), and ByteRange is taken from the PDF's objects.
 */
import { createHash } from 'node:crypto';
import { PDFArray, PDFHexString, PDFName, PDFNumber, PDFString } from '@cantoo/pdf-lib';
import type { PDFDict, PDFDocument } from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';
import { certificateFingerprint, describeCertificate } from './certificate.ts';
import type { CertificateInfo } from './certificate.ts';
import { findWrongMarks } from './check-marks.ts';
import { checkChain } from './chain.ts';
import type { RevocationState, TrustQuestion } from './chain.ts';
import { readCms } from './cms.ts';
import { equalBytes, readTlv } from './der.ts';
import { findSignatureFields, openPdf } from './open-pdf.ts';
import type { SignatureField } from './open-pdf.ts';
import { sealProblem } from './problems.ts';
import type { SealProblem, SealProblemCode } from './problems.ts';
import { profileOf, profiles } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { isOnlySealed } from './revisions.ts';
import { isSignatureOf } from './signature.ts';
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

export interface SealReport {
  valid: boolean;
  problems: SealProblem[];
  /** The last signer. */
  signer?: SignerIdentity;
  coversWholeFile: boolean;
  /** In the order in which they were made. */
  signatures: SignatureReport[];
}

/** Judges every signature of a PDF at the moment `at`. Never throws for what is in the file: outcomes are data. */
export async function verifySeal(pdf: Uint8Array, trust: TrustQuestion): Promise<SealReport> {
  const opened = await openOrRefuse(pdf);
  if (!('document' in opened)) return refused(opened.code);
  const fields = findSignatureFields(opened.document);
  if (fields.length === 0) return refused('NO_SIGNATURE');

  const signatures = fields
    .map((field) => verifySignature(pdf, field, trust))
    .sort((left, right) => left.revisionLength - right.revisionLength);
  const problems = signatures.flatMap((signature) => signature.problems);
  const last = signatures.at(-1);
  if (!last?.coversWholeFile) problems.push(sealProblem('BYTES_AFTER_SIGNATURE'));
  if (problems.length === 0) {
    for (const [index, { revisionLength, fieldName }] of signatures.entries()) {
      const next = signatures[index + 1];
      if (
        next &&
        !(await isOnlySealed(pdf.subarray(0, revisionLength), pdf.subarray(0, next.revisionLength)))
      ) {
        problems.push(sealProblem('CHANGED_BETWEEN_SIGNATURES', fieldName));
      }
    }
    const stamps = signatures.flatMap(({ timestamp }) => timestamp?.at ?? []);
    if (stamps.some((at, index) => index > 0 && at < (stamps[index - 1] ?? '')))
      problems.push(sealProblem('TIMESTAMP_ORDER'));
    for (const name of findWrongMarks(opened.document))
      problems.push(sealProblem('SEAL_PICTURE_WRONG', name));
  }
  return {
    valid: problems.length === 0,
    problems,
    ...(last?.signer ? { signer: last.signer } : {}),
    coversWholeFile: last?.coversWholeFile ?? false,
    signatures,
  };
}

async function openOrRefuse(pdf: Uint8Array): Promise<{ document: PDFDocument } | { code: SealProblemCode }> {
  try {
    return { document: await openPdf(pdf) };
  } catch (error) {
    return { code: error instanceof AppError && error.code === 'FILE_ENCRYPTED' ? 'ENCRYPTED' : 'NOT_A_PDF' };
  }
}

function refused(code: SealProblemCode): SealReport {
  return { valid: false, problems: [sealProblem(code)], coversWholeFile: false, signatures: [] };
}

function verifySignature(
  pdf: Uint8Array,
  { name, value }: SignatureField,
  trust: TrustQuestion,
): SignatureReport {
  const codes = new Set<SealProblemCode>();
  const located = locate(pdf, value);
  if (typeof located === 'string') {
    return {
      fieldName: name,
      valid: false,
      problems: [sealProblem(located, name)],
      coversWholeFile: false,
      revisionLength: 0,
    };
  }
  const { gap, end } = located;
  if (!endsWithEof(pdf.subarray(0, end))) codes.add('END_WRONG');
  const named = namedProfile(value);
  if (!named) codes.add('PROFILE_WRONG');

  const contents = Buffer.from(gap.subarray(1, -1)).toString('latin1');
  const checked = checkContents(contents, codes);
  const claims = readClaims(value);
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
      .update(pdf.subarray(0, located.gapStart))
      .update(pdf.subarray(located.gapStart + gap.length, end))
      .digest();
    if (!equalBytes(actual, digest)) codes.add('DIGEST_WRONG');
    const signed = { certificate: signerCertificate, data: checked.signedAttributes, signature };
    if (!isSignatureOf(signed)) codes.add('SIGNATURE_WRONG');
    timestamp = checked.parts.timestamp && checkTimestamp(checked.parts.timestamp, signature, trust);
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

function namedProfile(value: PDFDict): ProfileName | undefined {
  const names = Object.keys(profiles) as ProfileName[]; // the keys of a table of ours
  return names.find(
    (name) =>
      value.lookup(PDFName.of('Filter')) === PDFName.of(profiles[name].filter) &&
      value.lookup(PDFName.of('SubFilter')) === PDFName.of(profiles[name].subFilter),
  );
}

interface Located {
  gap: Uint8Array;
  gapStart: number;
  end: number;
}

/** Finds the gap that ByteRange leaves and makes sure that it holds this signature's Contents and nothing else. */
function locate(pdf: Uint8Array, value: PDFDict): Located | SealProblemCode {
  const range = value.lookup(PDFName.of('ByteRange'));
  const contents = value.lookup(PDFName.of('Contents'));
  if (!(range instanceof PDFArray) || range.size() !== 4) return 'BYTE_RANGE_WRONG';
  const numbers = range.asArray().map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN));
  const [first = -1, gapStart = -1, gapEnd = -1, tail = -1] = numbers;
  const isWhole = numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
  if (!isWhole || first !== 0 || gapStart >= gapEnd || gapEnd + tail > pdf.length || tail === 0) {
    return 'BYTE_RANGE_WRONG';
  }
  const gap = pdf.subarray(gapStart, gapEnd);
  if (!(contents instanceof PDFHexString)) return 'CONTENTS_WRONG';
  const text = Buffer.from(gap).toString('latin1');
  if (!/^<(?:[0-9a-f]{2})+>$/.test(text) || text !== `<${contents.asString()}>`) return 'CONTENTS_WRONG';
  return { gap, gapStart, end: gapEnd + tail };
}

function checkContents(
  contents: string,
  codes: Set<SealProblemCode>,
): Extract<ReturnType<typeof readCms>, { ok: true }> | undefined {
  const bytes = Buffer.from(contents, 'hex');
  let cms: Uint8Array;
  try {
    cms = readTlv(bytes).raw;
  } catch {
    // no DER element at the start
    codes.add('CMS_MALFORMED');
    return undefined;
  }
  if (bytes.subarray(cms.length).some((byte) => byte !== 0)) codes.add('PADDING_NOT_ZERO');
  const reading = readCms(cms);
  if (reading.ok) return reading;
  codes.add(cmsProblems[reading.reason]);
  return undefined;
}

const cmsProblems = {
  malformed: 'CMS_MALFORMED',
  signers: 'SIGNER_COUNT_WRONG',
  'no-signer-certificate': 'SIGNER_CERTIFICATE_MISSING',
  'not-profile': 'PROFILE_WRONG',
} as const;

function endsWithEof(revision: Uint8Array): boolean {
  return /%%EOF(?:\r\n|\n|\r)?$/.test(Buffer.from(revision.subarray(-8)).toString('latin1'));
}

function readClaims(value: PDFDict): { claimedAt?: string; reason?: string } {
  const when = value.lookup(PDFName.of('M'));
  const why = value.lookup(PDFName.of('Reason'));
  const claims: { claimedAt?: string; reason?: string } = {};
  try {
    if (when instanceof PDFString) claims.claimedAt = when.decodeDate().toISOString();
    if (why instanceof PDFHexString || why instanceof PDFString) claims.reason = why.decodeText();
  } catch {
    // a claim that cannot be read is no claim
  }
  return claims;
}
