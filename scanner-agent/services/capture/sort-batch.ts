import { AppError } from '#domain/errors/app-error.ts';
import type { Batch, BatchDocument, BatchPage } from '#domain/batch/schema.ts';

/** Throws NOT_FOUND. */
export function pageIn(batch: Batch, id: string): BatchPage {
  const page = batch.pages.find((one) => one.id === id);
  if (!page) throw new AppError('NOT_FOUND', { page: id });
  return page;
}

/** Throws BAD_REQUEST when a page stands twice or is unknown, or when a placed document was changed. */
export function checkedDocuments(
  batch: Batch,
  wanted: readonly { id: string; pages: string[] }[],
): BatchDocument[] {
  const seen = new Set<string>();
  const ids = new Set<string>();
  for (const { id, pages } of wanted) {
    if (ids.has(id)) throw new AppError('BAD_REQUEST', { document: id });
    ids.add(id);
    for (const page of pages) {
      if (seen.has(page) || !batch.pages.some((one) => one.id === page))
        throw new AppError('BAD_REQUEST', { page });
      seen.add(page);
    }
  }
  for (const { id, pages, placed } of batch.documents) {
    if (!placed) continue;
    const same = wanted.find((one) => one.id === id);
    if (same?.pages.join() !== pages.join()) throw new AppError('BAD_REQUEST', { placed: id });
  }
  return wanted.map(({ id, pages }) => {
    const placed = batch.documents.find((one) => one.id === id)?.placed;
    return { id, pages, ...(placed ? { placed } : {}) };
  });
}
