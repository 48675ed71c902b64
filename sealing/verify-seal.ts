/**
 * The strict verifier. Common viewers accept bytes after the signature, rubbish in its padding and flipped bits in
 * the unsigned part of the CMS; a department that stores a paper for thirty years does not. Everything is refused
 * that this product would not have written itself (see cms.ts), and ByteRange is taken from the PDF's objects.
 */
import type { PDFDocument } from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';
import { findWrongMarks } from './check-marks.ts';
import type { TrustQuestion } from './chain.ts';
import { findSignatureFields, openPdf } from './open-pdf.ts';
import { sealProblem } from './problems.ts';
import type { SealProblem, SealProblemCode } from './problems.ts';
import { isOnlySealed } from './revisions.ts';
import { verifySignature } from './verify-signature.ts';
import type { SignatureReport, SignerIdentity } from './verify-signature.ts';

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
