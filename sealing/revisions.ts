import { PDFArray, PDFDict, PDFName, PDFRef } from '@cantoo/pdf-lib';
import type { PDFDocument, PDFObject } from '@cantoo/pdf-lib';
import { seamOwnerOf } from './check-marks.ts';
import { findSignatureFields } from './open-pdf.ts';

/**
 * Whether a later revision did nothing but add a signature, in whatever writing: every object of the earlier revision
 * is the same, except that the catalog may point to a form, and the form's fields and a page's annotations may have
 * grown by signatures and their seams. It tells a report why a revision is refused that is not the one that we would
 * have written (`rebuild-revision.ts`); it accepts nothing.
 */
export function isOnlySealed(old: PDFDocument, grown: PDFDocument): boolean {
  for (const [ref, object] of old.context.enumerateIndirectObjects()) {
    const now = grown.context.lookup(ref);
    if (!now) return false;
    if (isSame(object, now)) continue;
    if (object instanceof PDFArray && now instanceof PDFArray) {
      if (!hasOnlyNewSeals(object, now, { old, grown })) return false;
    } else if (
      !(object instanceof PDFDict && now instanceof PDFDict) ||
      !isGrownDictionary(object, now, old, grown)
    ) {
      return false;
    }
  }
  return true;
}

const growing = new Set(['Annots', 'Fields', 'AcroForm', 'SigFlags']);

function isGrownDictionary(before: PDFDict, after: PDFDict, old: PDFDocument, grown: PDFDocument): boolean {
  const isGrowable =
    before === old.catalog ||
    before.has(PDFName.of('Fields')) ||
    before.get(PDFName.of('Type')) === PDFName.of('Page');
  if (!isGrowable) return false;
  const keys = new Set([...before.keys(), ...after.keys()]);
  for (const key of keys) {
    const [was, is] = [before.get(key), after.get(key)];
    if (was && is && isSame(was, is)) continue;
    const name = key.decodeText();
    if (!growing.has(name) || !is) return false;
    if (name === 'SigFlags' || name === 'AcroForm') {
      if (was && name === 'AcroForm') {
        const [wasForm, isForm] = [old.context.lookup(was), grown.context.lookup(is)];
        if (!(wasForm instanceof PDFDict && isForm instanceof PDFDict)) return false;
        if (!isGrownDictionary(wasForm, isForm, old, grown)) return false;
      }
      continue;
    }
    const list = grown.context.lookup(is);
    const earlier = was ? old.context.lookup(was) : old.context.obj([]);
    if (!(list instanceof PDFArray && earlier instanceof PDFArray)) return false;
    if (!hasOnlyNewSeals(earlier, list, { old, grown })) return false;
  }
  return true;
}

function hasOnlyNewSeals(
  before: PDFArray,
  after: PDFArray,
  { old, grown }: { old: PDFDocument; grown: PDFDocument },
): boolean {
  if (after.size() < before.size()) return false;
  const earlier = new Set(findSignatureFields(old).map(({ name }) => name));
  return after.asArray().every((item, index) => {
    const was = index < before.size() ? before.get(index) : undefined;
    if (was) return isSame(was, item);
    const added = item instanceof PDFRef ? grown.context.lookup(item) : undefined;
    const owner = seamOwnerOf(added);
    return owner === undefined ? isSeal(added) : !earlier.has(owner);
  });
}

function isSeal(widget: PDFObject | undefined): boolean {
  return (
    widget instanceof PDFDict &&
    widget.get(PDFName.of('Subtype')) === PDFName.of('Widget') &&
    widget.get(PDFName.of('FT')) === PDFName.of('Sig') &&
    widget.lookup(PDFName.of('V')) instanceof PDFDict
  );
}

function isSame(left: PDFObject, right: PDFObject): boolean {
  if (left.sizeInBytes() !== right.sizeInBytes()) return false;
  const [a, b] = [new Uint8Array(left.sizeInBytes()), new Uint8Array(right.sizeInBytes())];
  left.copyBytesInto(a, 0);
  right.copyBytesInto(b, 0);
  return Buffer.compare(a, b) === 0;
}
