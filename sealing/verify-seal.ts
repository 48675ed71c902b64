/**
 * The strict verifier. Common viewers accept bytes after the signature, rubbish in its padding and flipped bits in
 * the unsigned part of the CMS; a department that stores a paper for thirty years does not. Everything is refused
 * that this product would not have written itself (see cms.ts), and ByteRange is taken from the PDF's objects.
 */
import type { TrustQuestion } from './chain.ts';
import { inspectPdf } from './inspect-pdf.ts';
import type { FoundMaterial, InspectPdf } from './inspect-pdf.ts';
import { sealProblem } from './problems.ts';
import type { SealProblem } from './problems.ts';
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

/**
 * Judges every signature of a PDF at the moment `at`. Never throws for what is in the file: outcomes are data.
 * `inspect` opens the file: in this process where nothing is given, which is for files of our own alone.
 */
export async function verifySeal(
  pdf: Uint8Array,
  trust: TrustQuestion,
  inspect: InspectPdf = inspectPdf,
): Promise<SealReport> {
  const { report } = await verifyMaterial(pdf, trust, inspect);
  return report;
}

/** The same, with what the file holds when it is a material that this product assembled. */
export async function verifyMaterial(
  pdf: Uint8Array,
  trust: TrustQuestion,
  inspect: InspectPdf = inspectPdf,
): Promise<{ report: SealReport; material: FoundMaterial | undefined }> {
  const found = await inspect(pdf);
  const signatures = found.signatures.map((signature) => verifySignature(pdf, signature, trust));
  // bytes that were changed afterwards are not what the signer wrote: one reason, not two
  const changed = signatures.filter(({ problems }) => problems.some(({ code }) => code === 'DIGEST_WRONG'));
  const isChanged = (name: string | undefined): boolean =>
    changed.some(({ fieldName }) => fieldName === name);
  const problems = [
    ...found.problems
      .filter(({ code, fieldName }) => code !== 'REVISION_WRONG' || !isChanged(fieldName))
      .map(({ code, fieldName }) => sealProblem(code, fieldName)),
    ...signatures.flatMap((signature) => signature.problems),
  ];
  const stamps = signatures.flatMap(({ timestamp }) => timestamp?.at ?? []);
  if (stamps.some((at, index) => index > 0 && at < (stamps[index - 1] ?? '')))
    problems.push(sealProblem('TIMESTAMP_ORDER'));
  const last = signatures.at(-1);
  const report = {
    valid: signatures.length > 0 && problems.length === 0,
    problems,
    ...(last?.signer ? { signer: last.signer } : {}),
    coversWholeFile: last?.coversWholeFile ?? false,
    signatures,
  };
  return { report, material: found.material };
}
