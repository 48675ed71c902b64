/** Splits a batch into documents by separator sheets and by the document types that the pages look like. Pure. */
import type { Batch, BatchDocument, BatchPage } from './schema.ts';

/** A barcode that begins so makes its page a separator sheet. */
export const separatorPrefix = 'LUDENG-SEPARATOR';
/** Below this a page's kind says too little to begin a document. */
const sureOfKind = 0.6;

export type LeftOut = 'blank' | 'separator' | 'damaged' | 'dropped';

export function isSeparator({ codes = [] }: BatchPage): boolean {
  return codes.some((code) => code.startsWith(separatorPrefix));
}

export function isBlank({ page }: BatchPage): boolean {
  return page.quality.issues.includes('blank');
}

/** The document type that a page surely looks like. */
export function kindOf({ kinds = [] }: BatchPage): string | undefined {
  const [best] = kinds;
  return best && best.confidence >= sureOfKind ? best.documentType : undefined;
}

/**
 * Documents begin at the first page, behind a separator, and where a page surely looks like another kind than its
 * document. Separators and blank pages are left out. A document keeps the id of its first page, so that a proposal made
 * anew after more pages were read names the same documents alike.
 */
export function proposeDocuments(pages: readonly BatchPage[]): BatchDocument[] {
  const documents: BatchDocument[] = [];
  let kind: string | undefined;
  let mustBegin = true;
  for (const page of pages) {
    if (isSeparator(page)) {
      mustBegin = true;
      continue;
    }
    if (isBlank(page)) continue;
    const own = kindOf(page);
    const last = documents.at(-1);
    if (mustBegin || !last || (own !== undefined && kind !== undefined && own !== kind)) {
      documents.push({ id: page.id, pages: [page.id] });
      kind = own;
      mustBegin = false;
      continue;
    }
    last.pages.push(page.id);
    kind ??= own;
  }
  return documents;
}

/** The kind that a document looks like: that of its first page that is sure. */
export function kindOfDocument(batch: Pick<Batch, 'pages'>, document: BatchDocument): string | undefined {
  for (const id of document.pages) {
    const page = batch.pages.find((one) => one.id === id);
    const kind = page && kindOf(page);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Pages in no document, with why. */
export function leftOut(batch: Pick<Batch, 'pages' | 'documents'>): { page: BatchPage; why: LeftOut }[] {
  const used = new Set(batch.documents.flatMap(({ pages }) => pages));
  return batch.pages.filter(({ id }) => !used.has(id)).map((page) => ({ page, why: whyLeftOut(page) }));
}

function whyLeftOut(page: BatchPage): LeftOut {
  if (page.damaged) return 'damaged';
  if (isSeparator(page)) return 'separator';
  return isBlank(page) ? 'blank' : 'dropped';
}

/** What a new page or a new reading does to the documents: proposals before a person sorted, else only additions. */
export function afterReading(batch: Batch): Batch {
  if (!batch.arranged) return { ...batch, documents: proposeDocuments(batch.pages) };
  return batch;
}

/** A page that came after a person had sorted stands in a document of its own kind at the end. */
export function afterArrival(batch: Batch, page: BatchPage): Batch {
  const next = { ...batch, pages: [...batch.pages, page] };
  if (!batch.arranged) return afterReading(next);
  if (isBlank(page)) return next;
  const last = batch.documents.at(-1);
  const before = batch.pages.at(-1);
  const goesOn = last && !last.placed && before && last.pages.includes(before.id);
  const documents = goesOn
    ? batch.documents.map((one) => (one === last ? { ...one, pages: [...one.pages, page.id] } : one))
    : [...batch.documents, { id: page.id, pages: [page.id] }];
  return { ...next, documents };
}
