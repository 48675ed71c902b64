import { createHash, X509Certificate } from 'node:crypto';
import { PDFDict, PDFName, PDFRawStream } from '@cantoo/pdf-lib';
import { readSealedAttachment } from '#sealing/assemble-pdf.ts';
import { openPdf } from '#sealing/open-pdf.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import type { SealedPdf, SealVerifier } from '../ports/seal-verifier.ts';

/** `trustAnchors`: root certificates in PEM. Throws at once when one cannot be read. */
export function createPdfSeals(trustAnchors: readonly string[]): SealVerifier {
  const anchors = trustAnchors.map((pem) => new Uint8Array(new X509Certificate(pem).raw));

  return {
    async verify(pdf, { at }) {
      const seal = await verifySeal(pdf, { trustAnchors: anchors, at });
      const report: SealedPdf['report'] = {
        valid: seal.valid,
        problems: seal.problems.map(({ text }) => text),
        signerName: seal.signer?.holderName ?? '',
        certificateSerial: seal.signer?.serialNumber ?? '',
        issuerName: seal.signer?.issuerName ?? '',
      };
      if (seal.signer?.creditCode !== undefined) report.creditCode = seal.signer.creditCode;
      // what is inside a PDF that is not what was sealed does not matter
      if (!seal.valid) return { report, content: undefined, pictureShas: [] };
      return {
        report,
        content: parseJson(await readSealedAttachment(pdf)),
        pictureShas: (await picturesOf(pdf)).map(shaOf),
      };
    },
    async picture(pdf, sha) {
      return (await picturesOf(pdf)).find((bytes) => shaOf(bytes) === sha);
    },
  };
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
