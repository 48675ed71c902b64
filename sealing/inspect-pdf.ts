/**
 * Everything that must be known of a PDF to judge its seals, as plain data: what is in it is a stranger's, so stations
 * and servers ask this of a process that may be ended (`inspection/`), and judge certificates themselves.
 */
import { hash } from 'node:crypto';
import type { PDFDocument } from '@cantoo/pdf-lib';
import { findWrongMarks } from './check-marks.ts';
import { explainRanges } from './explain-ranges.ts';
import { endsWithEof, locateSignature, namedProfile, readClaims } from './locate-signature.ts';
import { findSignatureFields, isOutOfMemory, loadPdf } from './open-pdf.ts';
import type { SignatureField } from './open-pdf.ts';
import { checkStructure } from './pdf-structure.ts';
import type { SealProblemCode } from './problems.ts';
import type { ProfileName } from './profiles.ts';
import { readMaterial } from './read-material.ts';
import type { SealedMaterial } from './read-material.ts';
import { findRevisionStart, isOurRevision } from './rebuild-revision.ts';
import { isOnlySealed } from './revisions.ts';

export interface FoundSignature {
  fieldName: string;
  /** What is wrong with its place and form. */
  codes: SealProblemCode[];
  /** Hexadecimal digits without brackets; empty where they are not at their place. */
  contents: string;
  /** The bytes that it does not cover, with the brackets. */
  gap: { start: number; end: number };
  /** It covers the file to here; 0 where its range is none. */
  end: number;
  /** As the file names it. */
  profile?: ProfileName;
  claimedAt?: string;
  reason?: string;
}

export interface PdfInspection {
  /** Of the whole file, or of the named signature. */
  problems: { code: SealProblemCode; fieldName?: string }[];
  /** In the order in which they were made. */
  signatures: FoundSignature[];
  /** Present when the file before its first seal is one that this product assembled. */
  material?: FoundMaterial;
}

export interface FoundMaterial {
  /** `ludeng.json`. */
  attachment: Uint8Array;
  /** SHA-256 of the pictures, one a page. */
  pictureShas: string[];
}

export type InspectPdf = (pdf: Uint8Array) => Promise<PdfInspection>;

/** Who opens PDFs: this process itself (`openHere`), or one that may be ended (`inspection/inspector.ts`). */
export interface PdfOpener {
  /** Never throws for what is in the file. Throws SERVER_BUSY. */
  inspect: InspectPdf;
  /** The picture with this SHA-256 out of a sealed material; undefined when there is none. Throws SERVER_BUSY. */
  picture(pdf: Uint8Array, sha: string): Promise<Uint8Array | undefined>;
}

const maxSignatures = 100;
/** Revisions of a refused file that are opened to say why. */
const maxExplained = 8;

/** Never throws for what is in the file: outcomes are data. */
export async function inspectPdf(pdf: Uint8Array): Promise<PdfInspection> {
  const { fatal, faults, readable } = checkStructure(pdf);
  if (fatal) return refused([isNoPdf(pdf) ? 'NOT_A_PDF' : fatal, ...explainRanges(pdf)]);
  let document: PDFDocument;
  try {
    document = await loadPdf(pdf.subarray(0, readable));
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    return refused([
      ...faults,
      error instanceof RangeError ? 'TOO_COMPLEX' : 'NOT_A_PDF',
      ...explainRanges(pdf),
    ]);
  }
  const fields = findSignatureFields(document);
  if (fields.length === 0) {
    const ranges = explainRanges(pdf);
    return refused([
      ...faults,
      ...(ranges.length === 0 ? (['NO_SIGNATURE'] as const) : ['STRUCTURE_WRONG' as const, ...ranges]),
    ]);
  }
  if (fields.length > maxSignatures) return refused(['TOO_COMPLEX']);
  const found = fields
    .map((field) => ({ field, signature: readSignature(pdf, field) }))
    .sort((left, right) => left.signature.end - right.signature.end);
  const problems: PdfInspection['problems'] = faults.map((code) => ({ code }));
  const isCovered = found.some(({ signature }) => signature.end === pdf.length);
  if (readable < pdf.length && isCovered) problems.push({ code: 'STRUCTURE_WRONG' });
  for (const code of rangeProblems(pdf, found)) problems.push({ code });
  const wrongMarks = findWrongMarks(document);
  problems.push(...(await checkRevisions(pdf, { document, found, wrongMarks })));
  for (const fieldName of wrongMarks) {
    // of a signature that is not one of ours at all, its form is said to be wrong
    const own = found.find(({ signature }) => signature.fieldName === fieldName)?.signature;
    if (!own || own.codes.length === 0) problems.push({ code: 'SEAL_PICTURE_WRONG', fieldName });
  }
  const signatures = found.map(({ signature }) => signature);
  const material = problems.length === 0 ? await readSealedMaterial(pdf, signatures) : undefined;
  if (!material) return { problems, signatures };
  const { attachment, jpegs } = material;
  return { problems, signatures, material: { attachment, pictureShas: jpegs.map(shaOf) } };
}

/** As `PdfOpener.picture`. */
export async function readPicture(pdf: Uint8Array, sha: string): Promise<Uint8Array | undefined> {
  const { problems, signatures } = await inspectPdf(pdf);
  const material = problems.length === 0 ? await readSealedMaterial(pdf, signatures) : undefined;
  return material?.jpegs.find((jpeg) => shaOf(jpeg) === sha);
}

export const openHere: PdfOpener = { inspect: inspectPdf, picture: readPicture };

/** Content and pictures come from the file before its first seal: that is what the first signer saw. */
async function readSealedMaterial(
  pdf: Uint8Array,
  [first]: readonly FoundSignature[],
): Promise<SealedMaterial | undefined> {
  return first && readMaterial(pdf.subarray(0, findRevisionStart(pdf, first.gap.start)));
}

const shaOf = (bytes: Uint8Array): string => hash('sha256', bytes);

interface Found {
  field: SignatureField;
  signature: FoundSignature;
}

function readSignature(pdf: Uint8Array, { name, value }: SignatureField): FoundSignature {
  const codes = new Set<SealProblemCode>();
  const located = locateSignature(pdf, value);
  for (const code of located.codes) codes.add(code);
  const { gap, end, contents } = located;
  if (end > 0 && !endsWithEof(pdf.subarray(0, end))) codes.add('END_WRONG');
  const profile = namedProfile(value);
  if (!profile) codes.add('PROFILE_WRONG');
  return {
    fieldName: name,
    codes: [...codes],
    contents,
    gap,
    end,
    ...(profile ? { profile } : {}),
    ...readClaims(value),
  };
}

/** What follows the last signature, and two signatures that claim one revision or one name. */
function rangeProblems(pdf: Uint8Array, found: readonly Found[]): SealProblemCode[] {
  const ends = found.map(({ signature }) => signature.end).filter((end) => end > 0);
  const names = found.map(({ signature }) => signature.fieldName);
  const codes: SealProblemCode[] = [];
  if (ends.length > 0 && Math.max(...ends) < pdf.length) codes.push('BYTES_AFTER_SIGNATURE');
  if (new Set(ends).size < ends.length || new Set(names).size < names.length) codes.push('REVISION_WRONG');
  return codes;
}

/** Each seal's revision must be the one that we would have written; where it is not, one reason is given why. */
async function checkRevisions(
  pdf: Uint8Array,
  {
    document,
    found,
    wrongMarks,
  }: { document: PDFDocument; found: readonly Found[]; wrongMarks: readonly string[] },
): Promise<PdfInspection['problems']> {
  const problems: PdfInspection['problems'] = [];
  const placed = found.filter(({ signature }) => signature.end > 0);
  const revisions = new Map<number, Promise<PDFDocument>>();
  const opened = (end: number): Promise<PDFDocument> => {
    const known =
      revisions.get(end) ?? (end === pdf.length ? Promise.resolve(document) : loadPdf(pdf.subarray(0, end)));
    revisions.set(end, known);
    return known;
  };
  for (const [index, { field, signature }] of placed.entries()) {
    const { fieldName, profile, gap, end } = signature;
    const earlier = placed[index - 1]?.signature;
    const from = earlier?.end ?? findRevisionStart(pdf, gap.start);
    const own = pdf.subarray(0, end);
    if (profile && (await isOurRevision({ pdf: own, from, gap, profile, field, document }))) continue;
    // for who reads the report: was it only written differently, or does the paper show something else?
    if (earlier && index <= maxExplained && !isOnlySealed(await opened(earlier.end), await opened(end)))
      problems.push({ code: 'CHANGED_BETWEEN_SIGNATURES', fieldName: earlier.fieldName });
    else if (profile && !wrongMarks.includes(fieldName)) problems.push({ code: 'REVISION_WRONG', fieldName });
  }
  return problems;
}

const isNoPdf = (pdf: Uint8Array): boolean => Buffer.from(pdf.subarray(0, 5)).toString('latin1') !== '%PDF-';

function refused(codes: readonly SealProblemCode[]): PdfInspection {
  return { problems: [...new Set(codes)].map((code) => ({ code })), signatures: [] };
}
