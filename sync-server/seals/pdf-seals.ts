import { hash } from 'node:crypto';
import type { CheckRevocation } from '#sealing/chain.ts';
import { sealProblem } from '#sealing/problems.ts';
import { readAuthorities } from '#sealing/read-certificates.ts';
import { verifyRecordSeal } from '#sealing/record-seal.ts';
import { sealReportPage } from '#sealing/seal-report.ts';
import { openHere } from '#sealing/inspect-pdf.ts';
import type { PdfOpener } from '#sealing/inspect-pdf.ts';
import { verifyMaterial, verifySeal } from '#sealing/verify-seal.ts';
import type { SignerIdentity } from '#sealing/verify-signature.ts';
import type { SealedPdf, SealVerifier } from '../ports/seal-verifier.ts';

export interface PdfSealsOptions {
  /** PEM of the authorities whose seals are accepted. */
  trustAnchors: readonly string[];
  /** PEM of the authorities whose time stamps prove a time. */
  timestampAnchors?: readonly string[];
  revocation?: CheckRevocation;
  mustKnowRevocation?: boolean;
  /** Opens a stranger's file, in a process of its own. */
  opener?: PdfOpener;
}

/** Throws at once when a certificate cannot be read. */
export function createPdfSeals(options: PdfSealsOptions): SealVerifier {
  const { revocation, mustKnowRevocation = false, opener = openHere } = options;
  const read = (pems: readonly string[]): Uint8Array[] =>
    pems.flatMap((pem) => readAuthorities(Buffer.from(pem)));
  const trust = {
    trustAnchors: read(options.trustAnchors),
    timestampAnchors: read(options.timestampAnchors ?? []),
    mustKnowRevocation,
    ...(revocation ? { revocation } : {}),
  };

  return {
    async verify(pdf, { at }) {
      const { report: seal, material } = await verifyMaterial(pdf, { ...trust, at }, opener.inspect);
      // the company seals first; what follows is its legal person's, or nothing of its own
      const [company, ...others] = seal.signatures.map(({ signer }) => signer);
      const strangers = seal.signatures.slice(1).filter(({ signer }) => !isPersonOf(signer, company));
      const problems = [
        ...seal.problems,
        ...strangers.map(({ fieldName }) => sealProblem('SIGNER_OF_OTHERS', fieldName)),
        // a page that paints what it likes and only names the checked picture
        ...(seal.valid && !material ? [sealProblem('PAGES_WRONG')] : []),
      ];
      const report: SealedPdf['report'] = {
        valid: problems.length === 0,
        problems: problems.map(({ text }) => text),
        signerName: company?.holderName ?? '',
        certificateSerial: company?.serialNumber ?? '',
        issuerName: company?.issuerName ?? '',
      };
      if (company?.creditCode !== undefined) report.creditCode = company.creditCode;
      // what is inside a PDF that is not what was sealed does not matter
      if (!report.valid || !material)
        return { report, content: undefined, pictureShas: [], unboundPersons: [] };
      return {
        report,
        content: parseJson(material.attachment),
        pictureShas: material.pictureShas,
        unboundPersons: others.flatMap((signer) =>
          signer?.personName !== undefined && signer.creditCode === undefined ? [signer.personName] : [],
        ),
      };
    },
    verifyRecord(cms, content, { at }) {
      const { valid, problems, signer } = verifyRecordSeal(cms, content, { ...trust, at });
      return {
        valid,
        problems: problems.map(({ text }) => text),
        signerName: signer?.holderName ?? '',
        certificateSerial: signer?.serialNumber ?? '',
        issuerName: signer?.issuerName ?? '',
        ...(signer?.creditCode === undefined ? {} : { creditCode: signer.creditCode }),
      };
    },
    async explain(pdf, { at, title }) {
      return sealReportPage(await verifySeal(pdf, { ...trust, at }, opener.inspect), {
        title,
        at,
        sha: shaOf(pdf),
      });
    },
    picture: (pdf, sha) => opener.picture(pdf, sha),
  };
}

/** A person's key of the same company; one without a credit code must be whom the record names (`check-material.ts`). */
function isPersonOf(signer: SignerIdentity | undefined, company: SignerIdentity | undefined): boolean {
  if (signer?.personName === undefined) return false;
  return signer.creditCode === undefined || signer.creditCode === company?.creditCode;
}

const shaOf = (bytes: Uint8Array): string => hash('sha256', bytes);

function parseJson(bytes: Uint8Array | undefined): unknown {
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // the caller's schema refuses it
    return undefined;
  }
}
