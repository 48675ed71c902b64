/**
 * What is seen of a seal, judged as strictly as what is signed: widget, picture and seam must be, key by key, what
 * `seal-marks.ts` writes. A picture is nothing but red paths that darken, so that no seal, not even a later one by
 * somebody else, can cover a word of the paper; a seam has all of its strips, each on its page and at its edge.
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
import type { PDFDocument, PDFObject, PDFPage, PDFRef } from '@cantoo/pdf-lib';
import { findSignatureFields } from './open-pdf.ts';
import { pointsPerMm, seenSize, toSeenBox, uprightMatrix } from './place-on-page.ts';
import type { SeenBox } from './place-on-page.ts';
import { seamName } from './seal-marks.ts';
import { sealClosing, sealOpening } from './seal-picture.ts';
import { planSeam } from './seam-plan.ts';

const largestMm = 60;
const maxInkBytes = 4 * 1024 * 1024;
const tolerance = 0.02; // points; rectangles are written to the thousandth

/** Names of the signatures whose visible part is not as it must be; of seams too that belong to no signature. */
export function findWrongMarks(document: PDFDocument): string[] {
  const wrong = new Set<string>();
  const seams = findSeams(document);
  for (const { name, ref } of findSignatureFields(document)) {
    const ink = ref && readWidget(document, ref);
    const strips = seams.get(name);
    seams.delete(name);
    if (ink === undefined || (strips && !isWholeSeam(document, { name, ink, strips }))) wrong.add(name);
  }
  for (const stray of seams.keys()) wrong.add(stray);
  return [...wrong];
}

/** The signature's name that a strip gives as its own; undefined for whatever is no strip. */
export function seamOwnerOf(annotation: PDFObject | undefined): string | undefined {
  if (!(annotation instanceof PDFDict)) return undefined;
  if (annotation.get(PDFName.of('Subtype')) !== PDFName.of('Stamp')) return undefined;
  return /^(.*) seam \d+\/\d+$/su.exec(textOf(annotation.get(PDFName.of('NM'))))?.[1];
}

interface Strip {
  page: PDFPage;
  dictionary: PDFDict;
}

function findSeams(document: PDFDocument): Map<string, Strip[]> {
  const seams = new Map<string, Strip[]>();
  for (const page of document.getPages()) {
    for (const item of page.node.Annots()?.asArray() ?? []) {
      const dictionary = document.context.lookup(item);
      const owner = seamOwnerOf(dictionary);
      if (owner === undefined || !(dictionary instanceof PDFDict)) continue;
      seams.set(owner, [...(seams.get(owner) ?? []), { page, dictionary }]);
    }
  }
  return seams;
}

/** The ink of a signature's picture; undefined when anything about the widget is not ours. */
function readWidget(document: PDFDocument, ref: PDFRef): string | undefined {
  const widget = document.context.lookup(ref);
  if (!(widget instanceof PDFDict)) return undefined;
  if (!hasExactly(widget, ['Type', 'Subtype', 'FT', 'F', 'Rect', 'AP', 'T', 'P', 'V'])) return undefined;
  const page = document.getPages().find(({ ref: own }) => own === widget.get(PDFName.of('P')));
  const holders = document.getPages().filter((one) => one.node.Annots()?.asArray().includes(ref));
  if (!page || holders.length !== 1 || holders[0] !== page) return undefined;
  const box = readBox(page, widget);
  const picture = readAppearance(widget);
  const isOurs =
    hasNames(widget, { Type: 'Annot', Subtype: 'Widget', FT: 'Sig' }) &&
    isNumber(widget.get(PDFName.of('F')), 132) &&
    box !== undefined &&
    isNear(box.width, box.height) &&
    isInside(page, box);
  return isOurs && picture ? readInk(picture, uprightMatrix(page)) : undefined;
}

function isWholeSeam(
  document: PDFDocument,
  { name, ink, strips }: { name: string; ink: string; strips: readonly Strip[] },
): boolean {
  const plan = planSeam(document.getPageCount());
  if (strips.length !== plan.length) return false;
  let first: SeenBox | undefined;
  // strips were collected page by page, and a page carries one of each seam: both lists are in the pages' order
  return plan.every(({ pageIndex, from, to }, index) => {
    const strip = strips[index];
    if (!strip || strip.page !== document.getPages()[pageIndex]) return false;
    const { page, dictionary } = strip;
    const box = readBox(page, dictionary);
    const appearance = readAppearance(dictionary);
    if (!box || !appearance) return false;
    first ??= box;
    return (
      hasExactly(dictionary, ['Type', 'Subtype', 'F', 'Rect', 'AP', 'NM', 'P']) &&
      hasNames(dictionary, { Type: 'Annot', Subtype: 'Stamp' }) &&
      isNumber(dictionary.get(PDFName.of('F')), 196) &&
      textOf(dictionary.get(PDFName.of('NM'))) === seamName(name, index, plan.length) &&
      dictionary.get(PDFName.of('P')) === page.ref &&
      isInside(page, box) &&
      isNear(box.top, first.top) &&
      isNear(box.height, first.height) &&
      isNear(box.width, box.height * (to - from)) &&
      isNear(box.left + box.width, seenSize(page).width) &&
      isWindow(appearance, { page, from, to, ink })
    );
  });
}

/** A strip shows its part of the seal's own picture and nothing else. */
function isWindow(
  appearance: PDFRawStream,
  { page, from, to, ink }: { page: PDFPage; from: number; to: number; ink: string },
): boolean {
  const { dict } = appearance;
  const resources = dict.lookup(PDFName.of('Resources'));
  const objects = resources instanceof PDFDict ? resources.lookup(PDFName.of('XObject')) : undefined;
  if (!(resources instanceof PDFDict && hasExactly(resources, ['XObject']))) return false;
  if (!(objects instanceof PDFDict && hasExactly(objects, ['Seal']))) return false;
  const picture = objects.lookup(PDFName.of('Seal'));
  return (
    isForm(dict) &&
    hasNumbers(dict.get(PDFName.of('BBox')), [from * 100, 0, to * 100, 100]) &&
    hasNumbers(dict.get(PDFName.of('Matrix')), uprightMatrix(page)) &&
    inflate(appearance) === '/Seal Do' &&
    picture instanceof PDFRawStream &&
    readInk(picture, [1, 0, 0, 1, 0, 0]) === ink
  );
}

/** The operators of a seal's picture, when it is one: red paths, darkening, in a square of 100. */
function readInk(picture: PDFRawStream, matrix: readonly number[]): string | undefined {
  const { dict } = picture;
  const resources = dict.lookup(PDFName.of('Resources'));
  const isOurs =
    isForm(dict) &&
    hasNumbers(dict.get(PDFName.of('BBox')), [0, 0, 100, 100]) &&
    hasNumbers(dict.get(PDFName.of('Matrix')), matrix) &&
    // compared as written: nothing but the one graphics state that darkens
    resources instanceof PDFDict &&
    resources.toString().replace(/\s+/g, '') === '<</ExtGState<</Ink<</Type/ExtGState/BM/Darken>>>>>>';
  const ink = isOurs ? inflate(picture) : undefined;
  return ink !== undefined && isRedPath(ink) ? ink : undefined;
}

const operand = /^-?\d{1,6}(?:\.\d{1,6})?$/;
const operators = new Set(['q', 'Q', 'cm', 'w', 'j', 'm', 'l', 'c', 'h', 'S', 'f', 'B']);

function isRedPath(ink: string): boolean {
  if (!ink.startsWith(sealOpening) || !ink.endsWith(sealClosing)) return false;
  let depth = 0;
  for (const word of ink.slice(sealOpening.length, ink.length - sealClosing.length).split(/[ \n]+/)) {
    if (word === '' || operand.test(word)) continue;
    if (!operators.has(word)) return false;
    if (word === 'q') depth++;
    if (word === 'Q' && --depth < 0) return false;
  }
  return depth === 0;
}

function isForm(dict: PDFDict): boolean {
  const keys = ['Type', 'Subtype', 'BBox', 'Matrix', 'Resources', 'Filter', 'Length'];
  return (
    hasExactly(dict, keys) && hasNames(dict, { Type: 'XObject', Subtype: 'Form', Filter: 'FlateDecode' })
  );
}

function readAppearance(annotation: PDFDict): PDFRawStream | undefined {
  const appearance = annotation.get(PDFName.of('AP'));
  if (!(appearance instanceof PDFDict && hasExactly(appearance, ['N']))) return undefined;
  const normal = appearance.lookup(PDFName.of('N'));
  return normal instanceof PDFRawStream ? normal : undefined;
}

function inflate(stream: PDFRawStream): string | undefined {
  try {
    return inflateSync(stream.getContents(), { maxOutputLength: maxInkBytes }).toString('latin1');
  } catch {
    // broken, or larger than any seal
    return undefined;
  }
}

function readBox(page: PDFPage, annotation: PDFDict): SeenBox | undefined {
  const [x0, y0, x1, y1] = numbersOf(annotation.get(PDFName.of('Rect'))) ?? [];
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return undefined;
  return toSeenBox(page, [x0, y0, x1, y1]);
}

function isInside(page: PDFPage, { left, top, width, height }: SeenBox): boolean {
  const seen = seenSize(page);
  const most = largestMm * pointsPerMm;
  return (
    width > 0 &&
    height > 0 &&
    width <= most &&
    height <= most &&
    left >= -tolerance &&
    top >= -tolerance &&
    left + width <= seen.width + tolerance &&
    top + height <= seen.height + tolerance
  );
}

function hasExactly(dictionary: PDFDict, keys: readonly string[]): boolean {
  const found = dictionary.keys().map((key) => key.decodeText());
  return found.length === keys.length && keys.every((key) => found.includes(key));
}

function hasNames(dictionary: PDFDict, names: Record<string, string>): boolean {
  return Object.entries(names).every(([key, name]) => dictionary.get(PDFName.of(key)) === PDFName.of(name));
}

function numbersOf(item: PDFObject | undefined): number[] | undefined {
  if (!(item instanceof PDFArray)) return undefined;
  const numbers = item.asArray().map((one) => (one instanceof PDFNumber ? one.asNumber() : Number.NaN));
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

function hasNumbers(item: PDFObject | undefined, expected: readonly number[]): boolean {
  const numbers = numbersOf(item);
  return numbers?.length === expected.length && expected.every((one, index) => isNear(one, numbers[index]));
}

function isNumber(item: PDFObject | undefined, expected: number): boolean {
  return item instanceof PDFNumber && item.asNumber() === expected;
}

function isNear(left: number, right: number | undefined): boolean {
  return right !== undefined && Math.abs(left - right) <= tolerance;
}

function textOf(item: PDFObject | undefined): string {
  return item instanceof PDFHexString || item instanceof PDFString ? item.decodeText() : '';
}
