/** Splits a stack into documents by separator sheets and by the kinds of certificate that the pages look like. Pure. */
import type { Stack, StackDocument, StackPage } from './schema.ts';

/** A barcode that begins so makes its page a separator sheet. */
export const separatorPrefix = 'LUDENG-SEPARATOR';
/** Below this a page's kind says too little to begin a document. */
const sureOfKind = 0.6;

export type LeftOut = 'blank' | 'separator' | 'damaged' | 'dropped';

export function isSeparator({ codes = [] }: StackPage): boolean {
  return codes.some((code) => code.startsWith(separatorPrefix));
}

export function isBlank({ page }: StackPage): boolean {
  return page.quality.issues.includes('blank');
}

/** The kind of certificate that a page surely looks like. */
export function kindOf({ kinds = [] }: StackPage): string | undefined {
  const [best] = kinds;
  return best && best.confidence >= sureOfKind ? best.certificate : undefined;
}

/**
 * Documents begin at the first page, behind a separator, and where a page surely looks like another kind than its
 * document. Separators and blank pages are left out. A document keeps the id of its first page, so that a proposal made
 * anew after more pages were read names the same documents alike.
 */
export function proposeDocuments(pages: readonly StackPage[]): StackDocument[] {
  const documents: StackDocument[] = [];
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
export function kindOfDocument(stack: Pick<Stack, 'pages'>, document: StackDocument): string | undefined {
  for (const id of document.pages) {
    const page = stack.pages.find((one) => one.id === id);
    const kind = page && kindOf(page);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Pages in no document, with why. */
export function leftOut(stack: Pick<Stack, 'pages' | 'documents'>): { page: StackPage; why: LeftOut }[] {
  const used = new Set(stack.documents.flatMap(({ pages }) => pages));
  return stack.pages.filter(({ id }) => !used.has(id)).map((page) => ({ page, why: whyLeftOut(page) }));
}

function whyLeftOut(page: StackPage): LeftOut {
  if (page.damaged) return 'damaged';
  if (isSeparator(page)) return 'separator';
  return isBlank(page) ? 'blank' : 'dropped';
}

/** What a new page or a new reading does to the documents: proposals before a person sorted, else only additions. */
export function afterReading(stack: Stack): Stack {
  if (!stack.arranged) return { ...stack, documents: proposeDocuments(stack.pages) };
  return stack;
}

/** A page that came after a person had sorted stands in a document of its own kind at the end. */
export function afterArrival(stack: Stack, page: StackPage): Stack {
  const next = { ...stack, pages: [...stack.pages, page] };
  if (!stack.arranged) return afterReading(next);
  if (isBlank(page)) return next;
  const last = stack.documents.at(-1);
  const before = stack.pages.at(-1);
  const goesOn = last && !last.placed && before && last.pages.includes(before.id);
  const documents = goesOn
    ? stack.documents.map((one) => (one === last ? { ...one, pages: [...one.pages, page.id] } : one))
    : [...stack.documents, { id: page.id, pages: [page.id] }];
  return { ...next, documents };
}
