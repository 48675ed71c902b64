import { createHash, X509Certificate } from 'node:crypto';
import { PDFDict, PDFName, PDFRawStream } from '@cantoo/pdf-lib';
import { readSealedAttachment } from '#sealing/assemble-pdf.ts';
import { openPdf } from '#sealing/open-pdf.ts';
import type { CheckRevocation } from '#sealing/chain.ts';
import { sealProblem } from '#sealing/problems.ts';
import { sealReportPage } from '#sealing/seal-report.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import type { SignerIdentity } from '#sealing/verify-signature.ts';
import type { SealedPdf, SealVerifier } from '../ports/seal-verifier.ts';

export interface PdfSealsOptions {
  /** PEM of the authorities whose seals are accepted. */
  trustAnchors: readonly string[];
  /** PEM of the authorities whose time stamps prove a time. */
  timestampAnchors?: readonly string[];
  revocation?: CheckRevocation;
  mustKnowRevocation?: boolean;
}

/** Throws at once when a certificate cannot be read. */
export function createPdfSeals(options: PdfSealsOptions): SealVerifier {
  const { revocation, mustKnowRevocation = false } = options;
  const read = (pems: readonly string[]): Uint8Array[] =>
    pems.map((pem) => new Uint8Array(new X509Certificate(pem).raw));
  const trust = {
    trustAnchors: read(options.trustAnchors),
    timestampAnchors: read(options.timestampAnchors ?? []),
    mustKnowRevocation,
    ...(revocation ? { revocation } : {}),
  };

  return {
    async verify(pdf, { at }) {
      const seal = await verifySeal(pdf, { ...trust, at });
      // the company seals first; what follows is its legal person's, or nothing of its own
      const company = seal.signatures[0]?.signer;
      const strangers = seal.signatures.slice(1).filter(({ signer }) => !isPersonOf(signer, company));
      const isValid = seal.valid && strangers.length === 0;
      const report: SealedPdf['report'] = {
        valid: isValid,
        problems: [
          ...seal.problems.map(({ text }) => text),
          ...strangers.map(({ fieldName }) => sealProblem('SIGNER_OF_OTHERS', fieldName).text),
        ],
        signerName: company?.holderName ?? '',
        certificateSerial: company?.serialNumber ?? '',
        issuerName: company?.issuerName ?? '',
      };
      if (company?.creditCode !== undefined) report.creditCode = company.creditCode;
      // what is inside a PDF that is not what was sealed does not matter
      if (!isValid) return { report, content: undefined, pictureShas: [] };
      return {
        report,
        content: parseJson(await readSealedAttachment(pdf)),
        pictureShas: (await picturesOf(pdf)).map(shaOf),
      };
    },
    async explain(pdf, { at, title }) {
      return sealReportPage(await verifySeal(pdf, { ...trust, at }), { title, at, sha: shaOf(pdf) });
    },
    async picture(pdf, sha) {
      return (await picturesOf(pdf)).find((bytes) => shaOf(bytes) === sha);
    },
  };
}

/** A person's key of the same company; one without a credit code is a person's own and names nobody else's company. */
function isPersonOf(signer: SignerIdentity | undefined, company: SignerIdentity | undefined): boolean {
  if (signer?.personName === undefined) return false;
  return signer.creditCode === undefined || signer.creditCode === company?.creditCode;
}

/** Every picture that a page names, as it stands in the file; the seal's own appearance belongs to no page. */
async function picturesOf(pdf: Uint8Array): Promise<Uint8Array[]> {
  const document = await openPdf(pdf);
  return document.getPages().flatMap((page) => {
    const named = page.node.Resources()?.lookup(PDFName.of('XObject'));
    if (!(named instanceof PDFDict)) return [];
    return named
      .keys()
      .map((key) => named.lookup(key))
      .filter((object) => object instanceof PDFRawStream)
      .filter((stream) => stream.dict.lookup(PDFName.of('Subtype')) === PDFName.of('Image'))
      .map((stream) => stream.getContents());
  });
}

const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function parseJson(bytes: Uint8Array | undefined): unknown {
  if (!bytes) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // the caller's schema refuses it
    return undefined;
  }
}
