/**
 * Sheets on their way into a batch: each is straightened, kept and only then let go by its source. One that cannot be
 * opened is named in the batch and put aside; the rest goes on.
 */
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { afterArrival } from '#domain/batch/propose-documents.ts';
import type { RefusedSheet, ScanSettings, Batch, BatchPage } from '#domain/batch/schema.ts';
import type { PaperReader, StraightPage } from '#paper/ports/paper-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogError } from '../../ports/log.ts';
import type { Arrival, PageSource, ScannedSheet, UnopenedSheet } from '../../ports/page-source.ts';
import type { BlobStore } from '../../ports/store.ts';
import type { KeepPage } from './keep-page.ts';

const sheetTimeoutMs = 120_000;
const openTimeoutMs = 600_000;
/** After a stop: sheets that had passed the feeder already. A source that goes on regardless is left. */
const maxAfterStop = 5;

/** The station's own troubles: the file is not to blame, and stays where it is. */
const ofStation: ReadonlySet<ErrorCode> = new Set(['STORE_FULL', 'MODEL_INVALID', 'CANCELLED']);
/** One file may bring the reader down, but not one after another. */
const ofReader: ReadonlySet<ErrorCode> = new Set(['READER_FAILED', 'INTERNAL']);

export interface TakeSheetsDeps {
  reader: Pick<PaperReader, 'openDocument'>;
  blobs: Pick<BlobStore, 'room'>;
  storePage: KeepPage;
  clock: Clock;
  createId: () => string;
  change: (id: string, edit: (batch: Batch) => Batch) => Batch;
  logError: LogError;
  /** A page came in: it may be read. */
  onPage: (batch: string) => void;
  closing: AbortSignal;
}

export function createTakeSheets(deps: TakeSheetsDeps) {
  const { change, closing } = deps;

  /** Throws what stands against this file, or against the station. */
  async function keepSheet(id: string, sheet: ScannedSheet, signal: AbortSignal): Promise<void> {
    await keep(id, sheet, await open(sheet, signal));
  }

  async function keep(
    id: string,
    sheet: ScannedSheet,
    straight: readonly StraightPage[],
    name = '',
  ): Promise<void> {
    const { dpi, colour, asked, fileName } = sheet;
    const pages: BatchPage[] = [];
    for (const page of straight) {
      const real = dpi ?? sourceDpiOf(page, sheet.bytes, straight.length);
      pages.push({
        id: deps.createId(),
        page: await deps.storePage(page, { source: 'scanner', auxiliary: false }),
        ...(real === undefined ? {} : { dpi: real }),
        ...(colour ? { colour } : {}),
        ...(asked ? { asked } : {}),
        ...(page.unreadable ? { damaged: true as const } : {}),
        ...(fileName === undefined ? {} : { fileName }),
      });
    }
    const damaged = straight.flatMap((page, index) => (page.unreadable ? [index + 1] : []));
    const title = fileName ?? name;
    // All pages of a file at once: what is interrupted in the middle is offered again as a whole.
    change(id, (batch) => ({
      ...pages.reduce(afterArrival, batch),
      refused: [
        ...batch.refused,
        ...damaged.map((page) =>
          entry(`${title} 第 ${page} 页`.trim(), new AppError('FILE_DAMAGED', { page })),
        ),
      ],
    }));
    await sheet.kept();
    deps.onPage(id);
  }

  async function open(sheet: ScannedSheet, signal: AbortSignal): Promise<StraightPage[]> {
    const options = {
      signal,
      timeoutMs: openTimeoutMs,
      ...(sheet.dpi ? { scannedAtDpi: sheet.dpi } : {}),
    };
    try {
      return await deps.reader.openDocument(sheet.bytes, options);
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError) || !ofReader.has(error.code)) throw error;
      return deps.reader.openDocument(sheet.bytes, options);
    }
  }

  function entry(name: string, error: AppError): RefusedSheet {
    const wire = toWireError(error, deps.createId());
    return { id: deps.createId(), name, error: wire, at: deps.clock.now() };
  }

  /** Written down before it is moved: what is interrupted in between is offered, and refused, again. */
  async function refuse(
    id: string,
    { name, item }: { name: string; item: ScannedSheet | UnopenedSheet },
    error: AppError,
  ): Promise<void> {
    const refused = entry(name, error);
    const isSame = (one: RefusedSheet): boolean =>
      one.movedTo === undefined && one.name === name && one.error.code === refused.error.code;
    const canStay = item.setAside !== undefined;
    change(id, (batch) => ({
      ...batch,
      refused: [...batch.refused.filter((one) => !(canStay && isSame(one))), refused],
    }));
    const movedTo = await item.setAside?.(error);
    if (movedTo === undefined) return;
    change(id, (batch) => ({
      ...batch,
      refused: batch.refused.map((one) => (one.id === refused.id ? { ...one, movedTo } : one)),
    }));
  }

  /** Takes what the source brings until it ends. Answers what is to be told at the end; undefined when all came. */
  async function takeAll(
    id: string,
    source: PageSource,
    settings: ScanSettings,
    { signal, finish }: { signal: AbortSignal; finish: AbortSignal },
  ): Promise<{ trouble: AppError | undefined; isComplete: boolean }> {
    let number = 0;
    let lost = 0;
    let afterStop = 0;
    let failedBefore = false;
    let standing: Extract<Arrival, { isIncomplete: boolean }> | undefined;
    for await (const item of source.scan(settings, { signal, finish, sheetTimeoutMs })) {
      if ('notice' in item) {
        standing = item;
        tell(id, item.notice);
        continue;
      }
      if (deps.blobs.room().isShort) throw new AppError('STORE_FULL');
      number += 1;
      const name = item.fileName ?? `第 ${number} 张`;
      const failure = 'refusal' in item ? item.refusal : await keepOrFail(id, item, name);
      if (failure !== undefined) {
        const isOfReader = ofReader.has(failure.code);
        if (isOfReader && failedBefore) throw failure;
        failedBefore = isOfReader;
        await refuse(id, { name, item }, failure);
        if (!item.setAside) lost += 1;
      } else failedBefore = false;
      if (signal.aborted) break;
      if (finish.aborted && ++afterStop > maxAfterStop) break;
    }
    if (lost > 0) return { trouble: new AppError('SCANNER_SHEET_LOST', { sheets: lost }), isComplete: false };
    return { trouble: standing?.notice, isComplete: !(standing?.notice && standing.isIncomplete) };
  }

  /** What stands against this file; undefined when its pages are kept. Throws what stands against the station. */
  async function keepOrFail(id: string, sheet: ScannedSheet, name: string): Promise<AppError | undefined> {
    let straight: StraightPage[];
    try {
      straight = await open(sheet, closing);
    } catch (error) {
      if (closing.aborted || (error instanceof AppError && ofStation.has(error.code))) throw error;
      if (error instanceof AppError) return error;
      deps.logError(error, { in: 'stack', batch: id });
      return new AppError('INTERNAL', {}, { cause: error });
    }
    await keep(id, sheet, straight, name);
    return undefined;
  }

  function tell(id: string, notice: AppError | undefined): void {
    change(id, ({ trouble: _former, ...batch }) =>
      notice ? { ...batch, trouble: toWireError(notice, deps.createId()) } : batch,
    );
  }

  return { keepSheet, takeAll };
}

const usualDpis = [100, 150, 200, 240, 300, 400, 600];
/** The paper's edge is found to some hundredths of the page. */
const measured = 0.03;

/**
 * What the picture really had where no source says it: a page is enlarged to the archive's resolution, which adds no
 * detail. A PDF's pages are painted, and two cards on one sheet are put together: nothing is measured there.
 */
function sourceDpiOf(page: StraightPage, bytes: Uint8Array, count: number): number | undefined {
  if (page.unreadable || isPdf(bytes) || !(page.hasCorners || count > 1)) return undefined;
  const [tl, tr, br, bl] = page.corners;
  const across = (Math.hypot(tr[0] - tl[0], tr[1] - tl[1]) + Math.hypot(br[0] - bl[0], br[1] - bl[1])) / 2;
  const down = (Math.hypot(bl[0] - tl[0], bl[1] - tl[1]) + Math.hypot(br[0] - tr[0], br[1] - tr[1])) / 2;
  const dpi = Math.sqrt((across * down) / (page.widthMm * page.heightMm)) * 25.4;
  return usualDpis.find((usual) => Math.abs(dpi / usual - 1) <= measured) ?? Math.max(1, Math.round(dpi));
}

/** ISO 32000-1 Annex H: the header may stand anywhere in the first 1024 bytes. */
function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
}
