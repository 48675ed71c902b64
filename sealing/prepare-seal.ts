import { createHash } from 'node:crypto';
import { PDFArray, PDFDict, PDFName, PDFNumber } from '@cantoo/pdf-lib';
import type { PDFDocument, PDFPage } from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';
import { describeCertificate } from './certificate.ts';
import { buildCms, buildSignedAttributes, orderUpwards } from './cms.ts';
import type { SignedMeaning } from './cms.ts';
import { findSignatureFields, openPdf } from './open-pdf.ts';
import { keepInside, pointsPerMm, seenSize, toSeenBox } from './place-on-page.ts';
import type { SeenBox } from './place-on-page.ts';
import { profileOf, profiles } from './profiles.ts';
import type { SealProfile } from './profiles.ts';
import { drawSealMarks, writeSealMarks } from './seal-marks.ts';
import type { SealMarks } from './seal-marks.ts';
import type { SealAppearance } from './seal-picture.ts';
import { normaliseSignature } from './signature.ts';
import { normaliseToken } from './timestamp-token.ts';
import type { SealFont } from './true-type.ts';

/** Millimetres from the top left of the page as it is seen; the seal is moved inside the page where it sticks out. */
export type SealPlacement =
  | { kind: 'bottom-right'; pageIndex?: number; widthMm?: number }
  | { kind: 'at'; pageIndex: number; leftMm: number; topMm: number; widthMm?: number }
  /** Left of the seal that stands in the file already, on one foot with it; right of it where the left has no room. */
  | { kind: 'beside'; fieldName: string; widthMm?: number };

export interface SealRequest {
  /** DER; what the key on the token belongs to. */
  signerCertificate: Uint8Array;
  /** Certificates of the authorities that shall travel along, any order; they are signed with the rest. */
  chain?: readonly Uint8Array[];
  placement: SealPlacement;
  appearance: SealAppearance;
  fonts: readonly SealFont[];
  /** ISO UTC; shown by viewers as the time the signer claims. */
  sealedAt: string;
  reason?: string;
  /** 骑缝章: the middle of its strips, 0 (top) to 1 (bottom) of the page's height. Needs two pages or more. */
  seam?: { at: number };
  /** Default: `Seal1`, `Seal2` … the first that is free. */
  fieldName?: string;
}

export interface PreparedSeal {
  /** What the token signs (`SignRequest.data`); about 200 bytes whatever the PDF's size. */
  dataToSign: Uint8Array;
  /** The PDF with room for the signature; no valid signature yet. */
  pdf: Uint8Array;
  contentsStart: number;
  /** What the CMS will say, but for the signature. */
  meaning: SignedMeaning;
  fieldName: string;
}

/** Bytes of CMS that fit; 16 KiB holds RSA with two authorities and a later timestamp. */
const contentsBytes = 16_384;
const defaultWidthMm = 40; // usual diameter of a company's seal
const unknownOffset = 9_999_999_999;

/**
 * Adds the visible seal and an empty signature to a PDF. The original stays an exact byte prefix of the result.
 * Throws FILE_ENCRYPTED, FILE_DAMAGED, CERTIFICATE_WRONG_USE, BAD_REQUEST (a seam over a single page).
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
  if (request.seam && document.getPageCount() < 2) throw new AppError('BAD_REQUEST', { seam: 'one-page' });
  const { page, box } = placeSeal(document, request.placement);
  const marks = drawSealMarks(document, {
    fieldName,
    signerName: signer.personName ?? signer.holderName,
    profile,
    sealedAt: request.sealedAt,
    reason: request.reason,
    ...placeholders,
    page,
    box,
    appearance: request.appearance,
    fonts: request.fonts,
    seam: request.seam && seamPlace(document, request.seam.at),
  });
  const { revision, contentsStart } = await writeRevision(document, marks, pdf.length);
  const grown = Buffer.concat([pdf, revision]);
  const digest = hashAround(grown, { contentsStart, profile });
  const meaning: SignedMeaning = {
    form: 2,
    digest,
    signerCertificate,
    others: orderUpwards(signerCertificate, request.chain ?? []),
  };
  return { dataToSign: buildSignedAttributes(meaning), pdf: grown, contentsStart, meaning, fieldName };
}

const placeholders = { contents: '0'.repeat(contentsBytes * 2), unknownOffset };

/**
 * The bytes that this revision adds to the file, with zeros for the signature. The verifier writes them again and
 * compares. `contentsStart` counts from the file's beginning.
 */
export async function writeRevision(
  document: PDFDocument,
  marks: Omit<SealMarks, keyof typeof placeholders>,
  lengthBefore: number,
): Promise<{ revision: Uint8Array; contentsStart: number }> {
  writeSealMarks(document, { ...marks, ...placeholders });
  const { snapshot } = document.context;
  if (!snapshot) throw new Error('a document that grows was opened for it');
  const revision = await document.saveIncremental(snapshot, { useObjectStreams: false });
  return { revision, contentsStart: fillByteRange(revision, lengthBefore) };
}

/**
 * Puts the token's signature into its place, in the one writing that a seal may have; `timestamp` is the token of a time
 * authority over that writing (`normaliseSignature`).
 */
export function completeSeal(
  prepared: PreparedSeal,
  signature: Uint8Array,
  { timestamp }: { timestamp?: Uint8Array } = {},
): Uint8Array {
  const { meaning } = prepared;
  const cms = buildCms({
    ...meaning,
    signature: normaliseSignature(meaning.signerCertificate, signature),
    ...(timestamp ? { timestamp: normaliseToken(timestamp) } : {}),
  });
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

function placeSeal(document: PDFDocument, placement: SealPlacement): { page: PDFPage; box: SeenBox } {
  if (placement.kind === 'beside') return placeBeside(document, placement);
  const last = document.getPageCount() - 1;
  const page = document.getPage(Math.min(Math.max(placement.pageIndex ?? last, 0), last));
  const seen = seenSize(page);
  const size = sizeOn(page, placement.widthMm);
  const margin = Math.min(12 * pointsPerMm, (Math.min(seen.width, seen.height) - size) / 2);
  const wanted =
    placement.kind === 'bottom-right'
      ? { left: seen.width - size - margin, top: seen.height - size - margin }
      : { left: placement.leftMm * pointsPerMm, top: placement.topMm * pointsPerMm };
  return { page, box: keepInside(page, { ...wanted, width: size, height: size }) };
}

const gapMm = 4;

function placeBeside(
  document: PDFDocument,
  { fieldName, widthMm }: { fieldName: string; widthMm?: number },
): { page: PDFPage; box: SeenBox } {
  const other = findSeal(document, fieldName);
  if (!other) throw new AppError('NOT_SEALED', { field: fieldName });
  const { page, box } = other;
  const size = sizeOn(page, widthMm);
  const left = box.left - gapMm * pointsPerMm - size;
  return {
    page,
    box: keepInside(page, {
      left: left < 0 ? box.left + box.width + gapMm * pointsPerMm : left,
      top: box.top + box.height - size,
      width: size,
      height: size,
    }),
  };
}

function sizeOn(page: PDFPage, widthMm = defaultWidthMm): number {
  const seen = seenSize(page);
  return Math.min(widthMm * pointsPerMm, seen.width, seen.height);
}

function findSeal(document: PDFDocument, fieldName: string): { page: PDFPage; box: SeenBox } | undefined {
  const field = findSignatureFields(document).find(({ name }) => name === fieldName);
  const widget = field?.ref && document.context.lookup(field.ref);
  if (!(widget instanceof PDFDict)) return undefined;
  const page = document.getPages().find(({ ref }) => ref === widget.get(PDFName.of('P')));
  const rect = widget.lookup(PDFName.of('Rect'));
  if (!page || !(rect instanceof PDFArray)) return undefined;
  const numbers = rect.asArray().map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN));
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = numbers;
  return { page, box: toSeenBox(page, [x0, y0, x1, y1]) };
}

/** All strips at one height: the bundle of paper is stamped once, across its fanned edges. */
function seamPlace(document: PDFDocument, at: number): { topMm: number; heightMm: number } {
  const heights = document.getPages().map((page) => seenSize(page).height);
  const lowest = Math.min(...heights);
  const height = Math.min(defaultWidthMm * pointsPerMm, lowest);
  const top = Math.min(Math.max(at, 0), 1) * lowest - height / 2;
  return {
    topMm: Math.min(Math.max(top, 0), lowest - height) / pointsPerMm,
    heightMm: height / pointsPerMm,
  };
}

/** Writes the real offsets over the placeholder and returns where `<` of Contents stands. */
function fillByteRange(revision: Uint8Array, lengthBefore: number): number {
  const bytes = Buffer.from(revision.buffer, revision.byteOffset, revision.byteLength);
  const placeholder = `[ 0 ${unknownOffset} ${unknownOffset} ${unknownOffset} ]`;
  const rangeStart = bytes.indexOf(placeholder, 0, 'latin1');
  const start = bytes.indexOf(`<${'0'.repeat(contentsBytes * 2)}>`, 0, 'latin1');
  if (rangeStart < 0 || start < 0) throw new Error('the signature placeholder was not written as expected');
  const end = start + contentsBytes * 2 + 2;
  const range = `[ 0 ${lengthBefore + start} ${lengthBefore + end} ${bytes.length - end} ]`;
  bytes.write(range.padEnd(placeholder.length), rangeStart, 'latin1');
  return lengthBefore + start;
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
