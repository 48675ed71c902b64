import {
  EncryptedPDFError,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFRef,
  PDFString,
} from '@cantoo/pdf-lib';
import type { PDFObject } from '@cantoo/pdf-lib';
import { AppError } from '#domain/errors/app-error.ts';
import { checkStructure } from './pdf-structure.ts';

/**
 * Opens a PDF so that it can only grow. Read once and strictly: nothing is recovered, nothing is tried again.
 * Throws FILE_ENCRYPTED, FILE_TOO_COMPLEX, FILE_DAMAGED.
 */
export async function openPdf(pdf: Uint8Array): Promise<PDFDocument> {
  const structure = checkStructure(pdf);
  const { readable } = structure;
  const { fatal = readable < pdf.length ? 'STRUCTURE_WRONG' : undefined } = structure;
  if (fatal === 'ENCRYPTED') throw new AppError('FILE_ENCRYPTED');
  if (fatal === 'TOO_COMPLEX') throw new AppError('FILE_TOO_COMPLEX');
  if (fatal) throw new AppError('FILE_DAMAGED');
  try {
    return await loadPdf(pdf);
  } catch (error) {
    throw new AppError(
      error instanceof EncryptedPDFError ? 'FILE_ENCRYPTED' : 'FILE_DAMAGED',
      {},
      { cause: error },
    );
  }
}

/** No buffer could be had: that says nothing of the file. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocat/i.test(error.message);
}

/** For bytes that `checkStructure` has seen. Throws whatever pdf-lib throws. */
export async function loadPdf(pdf: Uint8Array): Promise<PDFDocument> {
  const opened = await PDFDocument.load(pdf, {
    forIncrementalUpdate: true,
    updateMetadata: false,
    throwOnInvalidObject: true,
  });
  refuseEndlessPages(opened);
  opened.getPageCount();
  return opened;
}

const maxPages = 5_000;

/** Every node once, each under the parent that it names: a tree that is none never ends, or ends in a million pages. */
function refuseEndlessPages({ context, catalog }: PDFDocument): void {
  const seen = new Set<PDFObject>();
  const open: { item: PDFObject | undefined; parent: PDFObject | undefined }[] = [
    { item: catalog.get(PDFName.of('Pages')), parent: undefined },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { item, parent } = next;
    const node = context.lookup(item, PDFDict);
    if (!(item instanceof PDFRef) || node.get(PDFName.of('Parent')) !== parent)
      throw new Error('no page tree');
    if (seen.has(item) || seen.size > maxPages) throw new RangeError('pages without end');
    seen.add(item);
    const kids = node.lookup(PDFName.of('Kids'));
    if (kids instanceof PDFArray) for (const kid of kids.asArray()) open.push({ item: kid, parent: item });
  }
}

export interface SignatureField {
  name: string;
  /** The widget or field that holds the value. */
  ref: PDFRef | undefined;
  value: PDFDict;
}

const maxFields = 1_000;

/** Every filled signature field, in the order of the form. Each field is visited once: a form may point at itself. */
export function findSignatureFields(document: PDFDocument): SignatureField[] {
  const { context, catalog } = document;
  const form = context.lookup(catalog.get(PDFName.of('AcroForm')));
  if (!(form instanceof PDFDict)) return [];
  const found: SignatureField[] = [];
  const seen = new Set<PDFDict>();

  const visit = (
    item: PDFObject,
    prefix: string,
    inheritedType: PDFObject | undefined,
    depth: number,
  ): void => {
    const field = context.lookup(item);
    if (!(field instanceof PDFDict) || seen.has(field) || seen.size > maxFields || depth > 10) return;
    seen.add(field);
    const type = field.get(PDFName.of('FT')) ?? inheritedType;
    const part = field.lookup(PDFName.of('T'));
    const own = part instanceof PDFHexString || part instanceof PDFString ? part.decodeText() : '';
    const name = [prefix, own].filter(Boolean).join('.');
    const value = field.lookup(PDFName.of('V'));
    if (type === PDFName.of('Sig') && value instanceof PDFDict) {
      found.push({ name, ref: item instanceof PDFRef ? item : undefined, value });
    }
    const kids = field.lookup(PDFName.of('Kids'));
    if (kids instanceof PDFArray) for (const kid of kids.asArray()) visit(kid, name, type, depth + 1);
  };

  const fields = form.lookup(PDFName.of('Fields'));
  if (fields instanceof PDFArray) for (const field of fields.asArray()) visit(field, '', undefined, 0);
  return found;
}
