/** Pages of a batch are read one after another for their barcodes and their document type. */
import { AppError } from '#domain/errors/app-error.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { afterReading, isBlank } from '#domain/batch/propose-documents.ts';
import type { Batch, BatchPage } from '#domain/batch/schema.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { LogError } from '../../ports/log.ts';
import type { BatchStore } from '../../ports/batch-store.ts';
import type { BlobStore } from '../../ports/store.ts';

const readTimeoutMs = 60_000;
/** Kinds kept of a page: the best, and what it might be instead. */
const keptKinds = 2;

export interface BatchReading {
  readLater(id: string): void;
  /** When all that was begun has ended. */
  ended(): Promise<unknown>;
}

export function createBatchReading(deps: {
  store: BatchStore;
  blobs: BlobStore;
  reader: Pick<PaperReader, 'readPage'>;
  catalogue: Catalogue;
  logError: LogError;
  /** Every change of a batch goes through here, on the batch as it is by then. */
  change: (id: string, edit: (batch: Batch) => Batch) => Batch;
  closing: AbortSignal;
}): BatchReading {
  const { store, blobs, reader, change, closing } = deps;
  const reading = new Map<string, Promise<void>>();

  /** One reading loop a batch; it looks again for pages that came meanwhile. */
  function readLater(id: string): void {
    if (reading.has(id) || closing.aborted) return;
    const loop = readAll(id)
      .catch((error: unknown) => {
        if (!closing.aborted) deps.logError(error, { in: 'reading a stack', batch: id });
      })
      .finally(() => reading.delete(id));
    reading.set(id, loop);
  }

  async function readAll(id: string): Promise<void> {
    for (;;) {
      const next = store.get(id)?.pages.find(({ kinds }) => kinds === undefined);
      if (!next || closing.aborted) return;
      const seen = await readOne(next);
      if (!store.get(id)) return;
      change(id, (batch) =>
        afterReading({
          ...batch,
          pages: batch.pages.map((page) => (page.id === next.id ? { ...page, ...seen } : page)),
        }),
      );
    }
  }

  /** A page that cannot be read is a page without a kind: a person sorts it. */
  async function readOne(page: BatchPage): Promise<Pick<BatchPage, 'kinds' | 'codes'>> {
    if (isBlank(page)) return { kinds: [], codes: [] };
    const wait = { signal: closing, timeoutMs: readTimeoutMs };
    try {
      const jpeg = await blobs.get(page.page.sha);
      const { lines, codes } = await reader.readPage(jpeg, { ...wait, reads: ['lines', 'codes'] });
      const kinds = recogniseDocumentType(deps.catalogue.documentTypes, [{ lines }]).slice(0, keptKinds);
      return { codes: codes.map(({ text }) => text), kinds };
    } catch (error) {
      if (closing.aborted || !(error instanceof AppError)) throw error;
      return { kinds: [], codes: [] };
    }
  }

  return { readLater, ended: () => Promise.all(reading.values()) };
}
