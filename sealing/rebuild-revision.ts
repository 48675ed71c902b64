/**
 * What a seal may add to a file: exactly the bytes that this product writes for it. The revision is written again from
 * what it says of itself (name, time, place, picture) upon the file before it, and compared; so a seal can bring no
 * other page, no freed object, no script, nothing that stands beside the signature, its widget and its seam.
 */
import { inflateSync } from 'node:zlib';
import {
  PDFArray,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFRawStream,
  PDFString,
} from '@cantoo/pdf-lib';
import type { PDFDocument, PDFObject } from '@cantoo/pdf-lib';
import { seamOwnerOf } from './check-marks.ts';
import { isOutOfMemory, loadPdf } from './open-pdf.ts';
import type { SignatureField } from './open-pdf.ts';
import { writeRevision } from './prepare-seal.ts';
import { profiles } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import type { SealMarks, SealStrip } from './seal-marks.ts';

export interface RevisionQuestion {
  /** The file to the end of this revision. */
  pdf: Uint8Array;
  /** Where the revision begins: the length of the file before it. */
  from: number;
  /** Where the signature's digits stand, with their brackets. */
  gap: { start: number; end: number };
  profile: ProfileName;
  field: SignatureField;
  /** The whole file, opened. */
  document: PDFDocument;
}

export async function isOurRevision({
  pdf,
  from,
  gap,
  profile,
  field,
  document,
}: RevisionQuestion): Promise<boolean> {
  try {
    const { pageRef, ...marks } = readMarks(document, field);
    const before = await loadPdf(pdf.subarray(0, from));
    const page = before.getPages().find(({ ref }) => ref === pageRef);
    if (!page) return false;
    const again = await writeRevision(before, { ...marks, page, profile: profiles[profile] }, from);
    return (
      from + again.revision.length === pdf.length &&
      again.contentsStart === gap.start &&
      Buffer.compare(again.revision.subarray(0, gap.start - from), pdf.subarray(from, gap.start)) === 0 &&
      Buffer.compare(again.revision.subarray(gap.end - from), pdf.subarray(gap.end)) === 0
    );
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    // not one part of it is where we put it
    return false;
  }
}

/** Where the revision begins that holds this place: behind the `%%EOF` before it. */
export function findRevisionStart(pdf: Uint8Array, within: number): number {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const eof = bytes.lastIndexOf('%%EOF', within, 'latin1');
  return eof < 0 ? 0 : eof + '%%EOF'.length;
}

type ReadMarks = Omit<SealMarks, 'contents' | 'unknownOffset' | 'page' | 'profile'> & {
  pageRef: PDFObject | undefined;
};

/** Throws for whatever is not of the kind that it is in our own seals. */
function readMarks(document: PDFDocument, { name, ref, value }: SignatureField): ReadMarks {
  const widget = document.context.lookup(ref, PDFDict);
  const time = value.lookup(PDFName.of('M'), PDFString);
  const reason = value.lookup(PDFName.of('Reason'));
  return {
    fieldName: name,
    signerName: textOf(value.lookup(PDFName.of('Name'))),
    sealedAt: time.decodeDate().toISOString(),
    reason: reason && textOf(reason),
    pageRef: widget.get(PDFName.of('P')),
    rect: readRect(widget),
    picture: readDeflated(readAppearance(widget)),
    seam: readSeam(document, name),
  };
}

function readSeam(document: PDFDocument, owner: string): SealMarks['seam'] {
  const strips: SealStrip[] = [];
  let picture: Uint8Array | undefined;
  for (const page of document.getPages()) {
    for (const item of page.node.Annots()?.asArray() ?? []) {
      const stamp = document.context.lookup(item);
      if (!(stamp instanceof PDFDict) || seamOwnerOf(stamp) !== owner) continue;
      const appearance = readAppearance(stamp);
      const objects = appearance.dict
        .lookup(PDFName.of('Resources'), PDFDict)
        .lookup(PDFName.of('XObject'), PDFDict);
      const shown = objects.lookup(PDFName.of('Seal'));
      if (!(shown instanceof PDFRawStream)) throw new Error('a strip shows a picture');
      picture ??= readDeflated(shown);
      strips.push({ rect: readRect(stamp), window: readDeflated(appearance) });
    }
  }
  return picture && { picture, strips };
}

function readAppearance(annotation: PDFDict): PDFRawStream {
  const normal = annotation.lookup(PDFName.of('AP'), PDFDict).lookup(PDFName.of('N'));
  if (!(normal instanceof PDFRawStream)) throw new Error('an appearance is a stream');
  return normal;
}

function readRect(annotation: PDFDict): number[] {
  const sides = annotation.lookup(PDFName.of('Rect'), PDFArray).asArray();
  return sides.map((side) => (side instanceof PDFNumber ? side.asNumber() : Number.NaN));
}

function textOf(item: PDFObject | undefined): string {
  if (!(item instanceof PDFHexString)) throw new Error('our texts are hexadecimal');
  return item.decodeText();
}

const maxPictureBytes = 4 * 1024 * 1024;

/** As it stands in the file, and not a byte behind its end: what it draws is judged by `check-marks.ts`. */
function readDeflated(stream: PDFRawStream): Uint8Array {
  const bytes = stream.getContents();
  const { engine } = inflateSync(bytes, { maxOutputLength: maxPictureBytes, info: true }) as unknown as {
    engine: { bytesWritten: number };
  };
  if (engine.bytesWritten !== bytes.length) throw new Error('bytes behind a picture');
  return bytes;
}
