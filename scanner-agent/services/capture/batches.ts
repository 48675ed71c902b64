/**
 * Batches of paper: sheets come in, each is straightened, kept and only then let go by its source; pages are read one
 * after another for their kind and their barcodes; documents are proposed, sorted by a person, and go to their materials.
 * A page is durable before the next one is awaited: whatever stops the scan, the pages so far are there.
 */
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { BatchView } from '#domain/contracts/kiosk/batches.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Page } from '#domain/record/schema.ts';
import type { ScanSettings, Batch, BatchPage } from '#domain/batch/schema.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogError } from '../../ports/log.ts';
import type { PageSources } from '../../ports/page-source.ts';
import type { BatchStore } from '../../ports/batch-store.ts';
import type { BlobStore } from '../../ports/store.ts';
import { createKeepPage } from './keep-page.ts';
import { createBatchReading } from './read-batch-pages.ts';
import type { Sessions } from '../login/session.ts';
import { checkedDocuments, pageIn } from './sort-batch.ts';
import { createTakeSheets } from './take-sheets.ts';
import { turnPage } from './turn-page.ts';
import type { Degrees, RotateJpeg } from './turn-page.ts';

/** How long sheets that are on their way may take after the person has stopped the scan. */
const maxFinishMs = 20_000;

export interface Batches {
  list(): BatchView[];
  /** Throws NOT_FOUND for a batch of another subject. */
  get(id: string): BatchView;
  create(): BatchView;
  remove(id: string): Promise<void>;
  /** Throws WORK_IN_PROGRESS while the batch scans, SCANNER_MISSING, STORE_FULL. Later troubles stand in the batch. */
  scan(id: string, scannerId: string, settings: ScanSettings): BatchView;
  /** Ends after the sheets under way; what came is complete. */
  stop(id: string): Promise<BatchView>;
  /** The person has taken note of one that could not be opened. Twice is fine. */
  dismissRefused(id: string, sheet: string): BatchView;
  addFile(id: string, bytes: Uint8Array, signal: AbortSignal): Promise<BatchView>;
  arrange(id: string, revision: number, documents: readonly { id: string; pages: string[] }[]): BatchView;
  turn(id: string, page: string, degrees: Degrees): Promise<BatchView>;
  pageOf(id: string, page: string): BatchPage;
  /** Pages of a document for its material; `placed` is called when they stand there. */
  take(id: string, document: string): { pages: Page[]; placed: (recordId: string, slot: string) => void };
  /** No paper moves. */
  isIdle(): boolean;
  close(): Promise<void>;
}

export interface BatchesDeps {
  store: BatchStore;
  blobs: BlobStore;
  reader: Pick<PaperReader, 'openDocument' | 'readPage'>;
  sources: PageSources;
  sessions: Sessions;
  catalogue: Catalogue;
  clock: Clock;
  createId: () => string;
  announce: (
    event: {
      type: 'stack';
      id: string;
      revision: number;
      pages: number;
      scanning: boolean;
    },
    of: string,
  ) => void;
  logError: LogError;
  rotateJpeg: RotateJpeg;
}

export function createBatches(deps: BatchesDeps): Batches {
  const { store, blobs, clock } = deps;
  const running = new Map<
    string,
    { abort: AbortController; finish: AbortController; ended: Promise<void> }
  >();
  const closing = new AbortController();
  const storePage = createKeepPage({ blobs, clock });
  const reading = createBatchReading({ ...deps, change, closing: closing.signal });
  const { keepSheet, takeAll } = createTakeSheets({
    ...deps,
    ...{ storePage, change, closing: closing.signal, onPage: (id) => reading.readLater(id) },
  });

  function own(id: string): Batch {
    const batch = store.get(id);
    if (batch?.creditCode !== deps.sessions.require().subject.creditCode)
      throw new AppError('NOT_FOUND', { batch: id });
    return batch;
  }

  function viewOf({ creditCode: _subject, ...batch }: Batch): BatchView {
    return { ...batch, scanning: running.has(batch.id) };
  }

  /** Every change goes through here, on the batch as it is by then. */
  function change(id: string, edit: (batch: Batch) => Batch): Batch {
    const batch = store.get(id);
    if (!batch) throw new AppError('NOT_FOUND', { batch: id });
    const next = { ...edit(batch), revision: batch.revision + 1, updatedAt: clock.now() };
    store.put(next);
    tell(next);
    return next;
  }

  function tell({ id, revision, pages, creditCode }: Batch): void {
    deps.announce(
      { type: 'stack', id, revision, pages: pages.length, scanning: running.has(id) },
      creditCode,
    );
  }

  async function scanAll(
    id: string,
    scannerId: string,
    settings: ScanSettings,
    { signal, finish }: { signal: AbortSignal; finish: AbortSignal },
  ): Promise<void> {
    try {
      const source = deps.sources.get(scannerId);
      const { trouble, isComplete } = await takeAll(id, source, settings, { signal, finish });
      if (closing.signal.aborted || !store.get(id)) return;
      change(id, ({ trouble: _former, ...batch }) => ({
        ...batch,
        complete: isComplete,
        ...(trouble ? { trouble: toWireError(trouble, deps.createId()) } : {}),
      }));
    } catch (error) {
      if (closing.signal.aborted || !store.get(id)) return;
      if (!(error instanceof AppError)) deps.logError(error, { in: 'stack', batch: id });
      change(id, (batch) => ({ ...batch, trouble: toWireError(error, deps.createId()) }));
    }
  }

  /** Ends a scan: sheets that passed the feeder already come in, but not for ever. */
  async function finishScan(id: string): Promise<void> {
    const run = running.get(id);
    if (!run) return;
    run.finish.abort();
    const timer = setTimeout(() => run.abort.abort(), maxFinishMs);
    await run.ended;
    clearTimeout(timer);
  }

  function requireIdle(id: string): void {
    if (running.has(id)) throw new AppError('WORK_IN_PROGRESS', { batch: id });
  }

  return {
    list: () => store.list(deps.sessions.require().subject.creditCode).map(viewOf),
    get(id) {
      const batch = own(id);
      // After a restart the rest is read when someone looks.
      reading.readLater(id);
      return viewOf(batch);
    },
    create() {
      const at = clock.now();
      const batch: Batch = {
        id: deps.createId(),
        creditCode: deps.sessions.require().subject.creditCode,
        createdAt: at,
        updatedAt: at,
        revision: 0,
        pages: [],
        documents: [],
        refused: [],
        arranged: false,
        complete: false,
      };
      store.put(batch);
      return viewOf(batch);
    },
    async remove(id) {
      own(id);
      running.get(id)?.abort.abort();
      await running.get(id)?.ended;
      store.remove(id);
    },
    scan(id, scannerId, settings) {
      own(id);
      requireIdle(id);
      deps.sources.get(scannerId);
      if (blobs.room().isShort) throw new AppError('STORE_FULL');
      const [abort, finish] = [new AbortController(), new AbortController()];
      const run = { abort, finish, ended: Promise.resolve() };
      running.set(id, run);
      const started = change(id, ({ trouble: _mended, ...batch }) => ({
        ...batch,
        complete: false,
        scannerId,
        settings,
      }));
      const signal = AbortSignal.any([abort.signal, closing.signal]);
      run.ended = scanAll(id, scannerId, settings, { signal, finish: finish.signal }).finally(() => {
        running.delete(id);
        const batch = store.get(id);
        if (batch && !closing.signal.aborted) tell(batch);
      });
      return viewOf(started);
    },
    async stop(id) {
      own(id);
      await finishScan(id);
      return viewOf(own(id));
    },
    dismissRefused(id, sheet) {
      own(id);
      return viewOf(
        change(id, (batch) => ({ ...batch, refused: batch.refused.filter((one) => one.id !== sheet) })),
      );
    },
    async addFile(id, bytes, signal) {
      own(id);
      if (blobs.room().isShort) throw new AppError('STORE_FULL');
      await keepSheet(
        id,
        { bytes, kept: () => Promise.resolve() },
        AbortSignal.any([signal, closing.signal]),
      );
      return viewOf(own(id));
    },
    arrange(id, revision, documents) {
      const batch = own(id);
      if (batch.revision !== revision) throw new AppError('CONFLICT', { revision: batch.revision });
      return viewOf(
        change(id, (now) => ({ ...now, arranged: true, documents: checkedDocuments(now, documents) })),
      );
    },
    async turn(id, pageId, degrees) {
      const { page } = pageIn(own(id), pageId);
      const turned = await turnPage(page, degrees, deps);
      const next = change(id, (batch) => ({
        ...batch,
        pages: batch.pages.map((one) => (one.id === pageId ? { ...one, page: turned } : one)),
      }));
      return viewOf(next);
    },
    pageOf: (id, page) => pageIn(own(id), page),
    take(id, documentId) {
      const batch = own(id);
      const document = batch.documents.find((one) => one.id === documentId);
      if (!document) throw new AppError('NOT_FOUND', { document: documentId });
      return {
        pages: document.pages.map((page) => pageIn(batch, page).page),
        placed: (recordId, slot) => {
          const placed = { recordId, slot, at: clock.now() };
          change(id, (now) => ({
            ...now,
            arranged: true,
            documents: now.documents.map((one) => (one.id === documentId ? { ...one, placed } : one)),
          }));
        },
      };
    },
    isIdle: () => running.size === 0,
    async close() {
      closing.abort();
      await Promise.all([...[...running.values()].map(({ ended }) => ended), reading.ended()]);
    },
  };
}
