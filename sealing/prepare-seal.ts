import { createHash } from 'node:crypto';
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFRef, PDFString } from '@cantoo/pdf-lib';
import type { PDFContext, PDFDocument, PDFPage } from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';
import { describeCertificate } from './certificate.ts';
import { buildCms, buildSignedAttributes } from './cms.ts';
import { findSignatureFields, openPdf } from './open-pdf.ts';
import { profileOf, profiles } from './profiles.ts';
import type { SealProfile } from './profiles.ts';
import { drawSeal } from './seal-picture.ts';
import type { SealAppearance } from './seal-picture.ts';
import type { SealFont } from './true-type.ts';

/** Millimetres from the top left of the page as it is seen; the seal is moved inside the page where it sticks out. */
export type SealPlacement =
  | { kind: 'bottom-right'; pageIndex?: number; widthMm?: number }
  | { kind: 'at'; pageIndex: number; leftMm: number; topMm: number; widthMm?: number };

export interface SealRequest {
  /** DER; what the key on the token belongs to. */
  signerCertificate: Uint8Array;
  placement: SealPlacement;
  appearance: SealAppearance;
  fonts: readonly SealFont[];
  /** ISO UTC; shown by viewers as the time the signer claims. */
  sealedAt: string;
  reason?: string;
  /** Default: `Seal1`, `Seal2` … the first that is free. */
  fieldName?: string;
}

export interface PreparedSeal {
  /** What the token signs (`SignRequest.data`); about 200 bytes whatever the PDF's size. */
  dataToSign: Uint8Array;
  /** The PDF with room for the signature; no valid signature yet. */
  pdf: Uint8Array;
  contentsStart: number;
  digest: Uint8Array;
  signerCertificate: Uint8Array;
  fieldName: string;
}

/** Bytes of CMS that fit; 16 KiB holds RSA with two authorities and a later timestamp. */
const contentsBytes = 16_384;
const defaultWidthMm = 40; // usual diameter of a company's seal
const pointsPerMm = 72 / 25.4;
const unknownOffset = 9_999_999_999;

/**
 * Adds the visible seal and an empty signature to a PDF. The original stays an exact byte prefix of the result.
 * Throws FILE_ENCRYPTED, FILE_DAMAGED, CERTIFICATE_WRONG_USE.
 */
export async function prepareSeal(pdf: Uint8Array, request: SealRequest): Promise<PreparedSeal> {
  const { signerCertificate } = request;
  const signer = describeCertificate(signerCertificate);
  if (signer.use !== 'sign') {
    throw new AppError('CERTIFICATE_WRONG_USE', { algorithm: signer.algorithm });
  }
  const profile = profiles[profileOf(signer.algorithm)];
  const document = await openPdf(pdf);
  const fieldName = request.fieldName ?? freeFieldName(document);
  addSealField(document, request, { fieldName, signerName: signer.holderName, profile });
  const grown = await document.commit({ useObjectStreams: false });
  const contentsStart = fillByteRange(grown, pdf.length);
  const digest = hashAround(grown, { contentsStart, profile });
  return {
    dataToSign: buildSignedAttributes(digest, signerCertificate),
    pdf: grown,
    contentsStart,
    digest,
    signerCertificate,
    fieldName,
  };
}

/** Puts the token's signature into its place; `chain` holds the authorities' certificates, without the signer's. */
export function completeSeal(
  prepared: PreparedSeal,
  signature: Uint8Array,
  chain: readonly Uint8Array[],
): Uint8Array {
  const { digest, signerCertificate } = prepared;
  const cms = buildCms({ digest, signerCertificate, others: chain, signature });
  if (cms.length > contentsBytes) throw new Error(`signature of ${cms.length} bytes does not fit`);
  const sealed = prepared.pdf.slice();
  sealed.set(Buffer.from(Buffer.from(cms).toString('hex'), 'latin1'), prepared.contentsStart + 1);
  return sealed;
}

function freeFieldName(document: PDFDocument): string {
  const taken = new Set(findSignatureFields(document).map(({ name }) => name));
  let number = 1;
  while (taken.has(`Seal${number}`)) number++;
  return `Seal${number}`;
}

function addSealField(
  document: PDFDocument,
  { placement, appearance, fonts, sealedAt, reason }: SealRequest,
  { fieldName, signerName, profile }: { fieldName: string; signerName: string; profile: SealProfile },
): void {
  const { context } = document;
  const pageIndex = Math.min(placement.pageIndex ?? document.getPageCount() - 1, document.getPageCount() - 1);
  const page = document.getPage(pageIndex);
  const { rect, matrix } = placeSeal(page, placement);

  const signature = context.obj({
    Type: 'Sig',
    Filter: profile.filter,
    SubFilter: profile.subFilter,
    ByteRange: [0, unknownOffset, unknownOffset, unknownOffset],
  });
  signature.set(PDFName.of('Contents'), PDFHexString.of('0'.repeat(contentsBytes * 2)));
  signature.set(PDFName.of('M'), PDFString.fromDate(new Date(sealedAt)));
  signature.set(PDFName.of('Name'), PDFHexString.fromText(signerName));
  if (reason) signature.set(PDFName.of('Reason'), PDFHexString.fromText(reason));

  const picture = context.register(
    context.flateStream(`/Ink gs\n${drawSeal(appearance, fonts)}`, {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, 100, 100],
      Matrix: matrix,
      // darken: text under the stamp stays readable as under real ink, and strokes that overlap do not show
      Resources: { ExtGState: { Ink: { Type: 'ExtGState', BM: 'Darken' } } },
    }),
  );
  const widget = context.obj({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    F: 132, // print, locked
    Rect: rect,
    AP: { N: picture },
  });
  widget.set(PDFName.of('T'), PDFHexString.fromText(fieldName));
  widget.set(PDFName.of('P'), page.ref);
  widget.set(PDFName.of('V'), context.register(signature));
  const widgetRef = context.register(widget);

  appendTo(context, { owner: page.node, ownerRef: page.ref, key: 'Annots', item: widgetRef });
  const form = findOrAddForm(document);
  appendTo(context, { ...form, key: 'Fields', item: widgetRef });
  form.owner.set(PDFName.of('SigFlags'), context.obj(3)); // signatures exist, append only
}

function findOrAddForm(document: PDFDocument): { owner: PDFDict; ownerRef: PDFRef | undefined } {
  const { context, catalog } = document;
  const key = PDFName.of('AcroForm');
  const entry = catalog.get(key);
  const form = context.lookup(entry);
  if (form instanceof PDFDict) {
    if (entry instanceof PDFRef) context.snapshot?.markRefForSave(entry);
    return { owner: form, ownerRef: entry instanceof PDFRef ? entry : undefined };
  }
  const owner = context.obj({ Fields: [] });
  const ownerRef = context.register(owner);
  catalog.set(key, ownerRef);
  return { owner, ownerRef };
}

function appendTo(
  context: PDFContext,
  { owner, ownerRef, key, item }: { owner: PDFDict; ownerRef: PDFRef | undefined; key: string; item: PDFRef },
): void {
  const entry = owner.get(PDFName.of(key));
  const list = context.lookup(entry);
  if (list instanceof PDFArray) {
    list.push(item);
    if (entry instanceof PDFRef) context.snapshot?.markRefForSave(entry);
  } else {
    owner.set(PDFName.of(key), context.obj([item]));
  }
  if (ownerRef) context.snapshot?.markRefForSave(ownerRef);
}

/** The rectangle in the page's own space, and the turn that keeps the seal upright on a rotated page. */
function placeSeal(page: PDFPage, placement: SealPlacement): { rect: number[]; matrix: number[] } {
  const box = page.getCropBox();
  const turn = ((page.getRotation().angle % 360) + 360) % 360;
  const [seenWidth, seenHeight] = turn % 180 === 0 ? [box.width, box.height] : [box.height, box.width];
  const size = Math.min((placement.widthMm ?? defaultWidthMm) * pointsPerMm, seenWidth, seenHeight);
  const margin = Math.min(12 * pointsPerMm, (Math.min(seenWidth, seenHeight) - size) / 2);
  const wanted =
    placement.kind === 'bottom-right'
      ? { left: seenWidth - size - margin, top: seenHeight - size - margin }
      : { left: placement.leftMm * pointsPerMm, top: placement.topMm * pointsPerMm };
  const left = Math.min(Math.max(wanted.left, 0), seenWidth - size);
  const top = Math.min(Math.max(wanted.top, 0), seenHeight - size);

  // /Rotate turns the page clockwise: the seen top left is another corner of the page's own space
  const corner = {
    0: { x: left, y: box.height - top - size },
    90: { x: top, y: left },
    180: { x: box.width - left - size, y: top },
    270: { x: box.width - top - size, y: box.height - left - size },
  }[turn] ?? { x: left, y: box.height - top - size };
  const matrix = { 90: [0, 1, -1, 0, 100, 0], 180: [-1, 0, 0, -1, 100, 100], 270: [0, -1, 1, 0, 0, 100] }[
    turn
  ];
  const [x, y] = [box.x + corner.x, box.y + corner.y];
  return { rect: [x, y, x + size, y + size], matrix: matrix ?? [1, 0, 0, 1, 0, 0] };
}

/** Writes the real offsets over the placeholder and returns where `<` of Contents stands. */
function fillByteRange(pdf: Uint8Array, from: number): number {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const placeholder = `[ 0 ${unknownOffset} ${unknownOffset} ${unknownOffset} ]`;
  const rangeStart = bytes.indexOf(placeholder, from, 'latin1');
  const contentsStart = bytes.indexOf(`<${'0'.repeat(contentsBytes * 2)}>`, from, 'latin1');
  if (rangeStart < 0 || contentsStart < 0)
    throw new Error('the signature placeholder was not written as expected');
  const contentsEnd = contentsStart + contentsBytes * 2 + 2;
  const range = `[ 0 ${contentsStart} ${contentsEnd} ${bytes.length - contentsEnd} ]`;
  bytes.write(range.padEnd(placeholder.length), rangeStart, 'latin1');
  return contentsStart;
}

function hashAround(
  pdf: Uint8Array,
  { contentsStart, profile }: { contentsStart: number; profile: SealProfile },
): Uint8Array {
  return createHash(profile.digest)
    .update(pdf.subarray(0, contentsStart))
    .update(pdf.subarray(contentsStart + contentsBytes * 2 + 2))
    .digest();
}
