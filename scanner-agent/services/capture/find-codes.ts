/** QR codes and barcodes of pages that came in unread: shown at once, compared with a field at the check only. */
import { AppError } from '#domain/errors/app-error.ts';
import type { Page } from '#domain/record/schema.ts';
import type { PageCode, PaperReader } from '#paper/ports/paper-reader.ts';
import type { BlobStore } from '../../ports/store.ts';

const timeoutMs = 60_000;
/** Codes stand on a document's first pages; looking for them costs about half as much as reading. */
export const pagesWithCodes = 3;

export function withCodes(page: Page, codes: readonly PageCode[]): Page {
  return { ...page, codes: codes.map(({ format, text }) => ({ format, text })) };
}

/** The first pages with their codes; one that cannot be looked at goes without. Throws when `signal` aborts. */
export async function lookForCodes(
  pages: readonly Page[],
  { reader, blobs, signal }: { reader: Pick<PaperReader, 'readPage'>; blobs: BlobStore; signal: AbortSignal },
): Promise<Page[]> {
  const looked: Page[] = [];
  for (const [index, page] of pages.entries()) {
    const isSeen = page.codes !== undefined || page.quality.issues.includes('blank');
    if (index >= pagesWithCodes || isSeen) {
      looked.push(page);
      continue;
    }
    try {
      const jpeg = await blobs.get(page.sha);
      const { codes } = await reader.readPage(jpeg, { signal, timeoutMs, reads: ['codes'] });
      looked.push(withCodes(page, codes));
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError)) throw error;
      looked.push(page);
    }
  }
  return looked;
}
