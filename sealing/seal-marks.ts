/**
 * What a seal adds to a PDF beside the signature's value: its picture, the signature's widget and, with a seam, a strip
 * on every page. `check-marks.ts` accepts these shapes and no others.
 */
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFRef, PDFString } from '@cantoo/pdf-lib';
import type { PDFContext, PDFDocument, PDFPage } from '@cantoo/pdf-lib';
import { pointsPerMm, seenSize, toPagePlace, uprightMatrix, keepInside } from './place-on-page.ts';
import type { SeenBox } from './place-on-page.ts';
import { drawSeal } from './seal-picture.ts';
import type { SealAppearance } from './seal-picture.ts';
import { planSeam } from './seam-plan.ts';
import type { SealProfile } from './profiles.ts';
import type { SealFont } from './true-type.ts';

/** Everything that a seal's revision says, so that the same revision can be written again and compared. */
export interface SealMarks {
  fieldName: string;
  signerName: string;
  profile: SealProfile;
  /** ISO UTC. */
  sealedAt: string;
  reason: string | undefined;
  /** Zeros where the signature will stand. */
  contents: string;
  unknownOffset: number;
  page: PDFPage;
  /** In the page's own space. */
  rect: readonly number[];
  /** Deflated operators of the seal's picture. */
  picture: Uint8Array;
  seam: { picture: Uint8Array; strips: readonly SealStrip[] } | undefined;
}

export interface SealStrip {
  rect: readonly number[];
  /** Deflated operator that shows the picture. */
  window: Uint8Array;
}

export interface MarksRequest extends Pick<
  SealMarks,
  'fieldName' | 'signerName' | 'profile' | 'sealedAt' | 'reason' | 'contents' | 'unknownOffset' | 'page'
> {
  box: SeenBox;
  appearance: SealAppearance;
  fonts: readonly SealFont[];
  /** Where the seam's strips stand and how tall the seal is; undefined: no seam. */
  seam: { topMm: number; heightMm: number } | undefined;
}

/** The strip's own name, by which it belongs to one signature. */
export function seamName(fieldName: string, strip: number, count: number): string {
  return `${fieldName} seam ${strip + 1}/${count}`;
}

export function drawSealMarks(document: PDFDocument, request: MarksRequest): SealMarks {
  const { context } = document;
  const { box, appearance, fonts, seam, ...marks } = request;
  const deflate = (operators: string): Uint8Array => context.flateStream(operators).getContents();
  const picture = deflate(drawSeal(appearance, fonts));
  return {
    ...marks,
    rect: toPagePlace(request.page, box).rect,
    picture,
    // one picture for all strips; a strip is a window on it
    seam: seam && {
      picture,
      strips: placeSeam(document, seam).map((rect) => ({ rect, window: deflate(showSeal) })),
    },
  };
}

export const showSeal = '/Seal Do';

function placeSeam(
  document: PDFDocument,
  { topMm, heightMm }: { topMm: number; heightMm: number },
): (readonly number[])[] {
  return planSeam(document.getPageCount()).map(({ pageIndex, from, to }) => {
    const page = document.getPage(pageIndex);
    const height = Math.min(heightMm * pointsPerMm, seenSize(page).height);
    const width = height * (to - from);
    const box = { left: seenSize(page).width - width, top: topMm * pointsPerMm, width, height };
    return toPagePlace(page, keepInside(page, box)).rect;
  });
}

/** The order of these steps is the order of the objects in the file: seals made before are compared with it. */
export function writeSealMarks(document: PDFDocument, marks: SealMarks): void {
  const { context } = document;
  const { page, profile, fieldName } = marks;
  const matrix = uprightMatrix(page);

  const signature = context.obj({
    Type: 'Sig',
    Filter: profile.filter,
    SubFilter: profile.subFilter,
    ByteRange: [0, marks.unknownOffset, marks.unknownOffset, marks.unknownOffset],
  });
  signature.set(PDFName.of('Contents'), PDFHexString.of(marks.contents));
  signature.set(PDFName.of('M'), PDFString.fromDate(new Date(marks.sealedAt)));
  signature.set(PDFName.of('Name'), PDFHexString.fromText(marks.signerName));
  if (marks.reason) signature.set(PDFName.of('Reason'), PDFHexString.fromText(marks.reason));

  const widget = context.obj({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    F: 132, // print, locked
    Rect: [...marks.rect],
    AP: { N: addPicture(context, marks.picture, matrix) },
  });
  widget.set(PDFName.of('T'), PDFHexString.fromText(fieldName));
  widget.set(PDFName.of('P'), page.ref);
  widget.set(PDFName.of('V'), context.register(signature));
  const widgetRef = context.register(widget);

  appendTo(context, { owner: page.node, ownerRef: page.ref, key: 'Annots', item: widgetRef });
  const form = findOrAddForm(document);
  appendTo(context, { ...form, key: 'Fields', item: widgetRef });
  form.owner.set(PDFName.of('SigFlags'), context.obj(3)); // signatures exist, append only
  if (marks.seam) writeSeam(document, fieldName, marks.seam);
}

function writeSeam(
  document: PDFDocument,
  fieldName: string,
  { picture, strips }: NonNullable<SealMarks['seam']>,
): void {
  const { context } = document;
  const plan = planSeam(document.getPageCount());
  const pictureRef = addPicture(context, picture, [1, 0, 0, 1, 0, 0]);
  for (const [index, { pageIndex, from, to }] of plan.entries()) {
    const strip = strips[index];
    if (!strip) throw new Error('a seam has a strip for each place of its plan');
    const page = document.getPage(pageIndex);
    const appearance = context.stream(strip.window, {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [round(from * 100), 0, round(to * 100), 100],
      Matrix: uprightMatrix(page),
      Resources: { XObject: { Seal: pictureRef } },
      Filter: 'FlateDecode',
    });
    const stamp = context.obj({
      Type: 'Annot',
      Subtype: 'Stamp',
      F: 196, // print, read-only, locked
      Rect: [...strip.rect],
      AP: { N: context.register(appearance) },
    });
    stamp.set(PDFName.of('NM'), PDFHexString.fromText(seamName(fieldName, index, plan.length)));
    stamp.set(PDFName.of('P'), page.ref);
    appendTo(context, {
      owner: page.node,
      ownerRef: page.ref,
      key: 'Annots',
      item: context.register(stamp),
    });
  }
}

function addPicture(context: PDFContext, picture: Uint8Array, matrix: number[]): PDFRef {
  return context.register(
    context.stream(picture, {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [0, 0, 100, 100],
      Matrix: matrix,
      // darken: text under the stamp stays readable as under real ink, and strokes that overlap do not show
      Resources: { ExtGState: { Ink: { Type: 'ExtGState', BM: 'Darken' } } },
      Filter: 'FlateDecode',
    }),
  );
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

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
