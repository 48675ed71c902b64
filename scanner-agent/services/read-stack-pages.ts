/** Pages of a stack are read one after another for their barcodes and their kind of certificate. */
import { AppError } from '#domain/errors/app-error.ts';
import { recogniseCertificate } from '#domain/reading/recognise-certificate.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { afterReading, isBlank } from '#domain/stack/propose-documents.ts';
import type { Stack, StackPage } from '#domain/stack/schema.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { LogError } from '../ports/log.ts';
import type { StackStore } from '../ports/stack-store.ts';
import type { BlobStore } from '../ports/store.ts';

const readTimeoutMs = 60_000;
/** Kinds kept of a page: the best, and what it might be instead. */
const keptKinds = 2;

export interface StackReading {
  readLater(id: string): void;
  /** When all that was begun has ended. */
  ended(): Promise<unknown>;
}

export function createStackReading(deps: {
  store: StackStore;
  blobs: BlobStore;
  reader: Pick<PaperReader, 'readPage' | 'readCodes'>;
  catalogue: Catalogue;
  logError: LogError;
  /** Every change of a stack goes through here, on the stack as it is by then. */
  change: (id: string, edit: (stack: Stack) => Stack) => Stack;
  closing: AbortSignal;
}): StackReading {
  const { store, blobs, reader, change, closing } = deps;
  const reading = new Map<string, Promise<void>>();

  /** One reading loop a stack; it looks again for pages that came meanwhile. */
  function readLater(id: string): void {
    if (reading.has(id) || closing.aborted) return;
    const loop = readAll(id)
      .catch((error: unknown) => {
        if (!closing.aborted) deps.logError(error, { in: 'reading a stack', stack: id });
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
      change(id, (stack) =>
        afterReading({
          ...stack,
          pages: stack.pages.map((page) => (page.id === next.id ? { ...page, ...seen } : page)),
        }),
      );
    }
  }

  /** A page that cannot be read is a page without a kind: a person sorts it. */
  async function readOne(page: StackPage): Promise<Pick<StackPage, 'kinds' | 'codes'>> {
    if (isBlank(page)) return { kinds: [], codes: [] };
    const wait = { signal: closing, timeoutMs: readTimeoutMs };
    try {
      const jpeg = await blobs.get(page.page.sha);
      const codes = (await reader.readCodes(jpeg, wait)).map(({ text }) => text);
      const { lines } = await reader.readPage(jpeg, wait);
      const kinds = recogniseCertificate(deps.catalogue.certificates, [{ lines }]).slice(0, keptKinds);
      return { codes, kinds };
    } catch (error) {
      if (closing.aborted || !(error instanceof AppError)) throw error;
      return { kinds: [], codes: [] };
    }
  }

  return { readLater, ended: () => Promise.all(reading.values()) };
}
