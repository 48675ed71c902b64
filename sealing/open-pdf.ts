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

/** Opens a PDF so that it can only grow. Throws FILE_ENCRYPTED, FILE_DAMAGED. */
export async function openPdf(pdf: Uint8Array): Promise<PDFDocument> {
  try {
    const opened = await PDFDocument.load(pdf, {
      forIncrementalUpdate: true,
      updateMetadata: false,
      throwOnInvalidObject: true,
    });
    opened.getPageCount();
    return opened;
  } catch (error) {
    const code = (await isEncrypted(pdf, error)) ? 'FILE_ENCRYPTED' : 'FILE_DAMAGED';
    throw new AppError(code, {}, { cause: error });
  }
}

/** The strict reading may stumble over something else first: the lenient one knows whether a password is the cause. */
async function isEncrypted(pdf: Uint8Array, error: unknown): Promise<boolean> {
  if (error instanceof EncryptedPDFError) return true;
  try {
    await PDFDocument.load(pdf, { updateMetadata: false, warnOnInvalidObjects: false });
    return false;
  } catch (second) {
    return second instanceof EncryptedPDFError;
  }
}

export interface SignatureField {
  name: string;
  /** The widget or field that holds the value. */
  ref: PDFRef | undefined;
  value: PDFDict;
}

/** Every filled signature field, in the order of the form. Bounded in depth: a form may point at itself. */
export function findSignatureFields(document: PDFDocument): SignatureField[] {
  const { context, catalog } = document;
  const form = context.lookup(catalog.get(PDFName.of('AcroForm')));
  if (!(form instanceof PDFDict)) return [];
  const found: SignatureField[] = [];

  const visit = (
    item: PDFObject,
    prefix: string,
    inheritedType: PDFObject | undefined,
    depth: number,
  ): void => {
    const field = context.lookup(item);
    if (!(field instanceof PDFDict) || depth > 10) return;
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
