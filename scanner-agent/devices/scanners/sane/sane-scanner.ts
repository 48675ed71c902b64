/**
 * A scanner behind SANE. scanimage runs as a process of its own, since backends crash and hang; it writes each sheet
 * into a private folder, from where it is taken and deleted at once. It asks before each sheet (--batch-prompt), so the
 * feeder never runs far ahead of what is stored.
 */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type {
  PageSource,
  PageSourceHealth,
  ScannedSheet,
  ScanSettings,
  ScanWait,
} from '../../../ports/page-source.ts';
import { readPictureFacts } from '#paper/imaging/files/picture-facts.ts';
import { whatCame } from '../what-came.ts';
import { emptyStatus, failureOfScan, ioErrorStatus, saysEmpty, sheetsSaid } from './failures.ts';
import type { SaneEnd } from './failures.ts';
import { abilitiesOf, parseSaneOptions, requestOf, sourceArguments } from './options.ts';
import type { SaneOptions, SaneRequest } from './options.ts';
import { askScanimage, startScanimage } from './scanimage.ts';
import type { RunningScanimage, ScanimageOptions } from './scanimage.ts';

/** Sheets that may lie scanned and not yet taken. */
const sheetsAhead = 3;
/** Uncompressed A4 in colour is 25 MB at 300 dpi and 100 MB at 600, where packing is worth its time. */
const maxPlainDpi = 300;
const askTimeoutMs = 20_000;

export interface SaneScannerOptions extends ScanimageOptions {
  driver: string;
  /** SANE device name. */
  device: string;
  name: string;
  simulated: boolean;
  /** Private folder for the sheet under way. */
  scratchFolder: string;
}

export interface SaneScanner extends PageSource {
  /** Asks the device what it can; its health tells the outcome. */
  ask(signal: AbortSignal): Promise<void>;
  noteMissing(): void;
}

export function createSaneScanner(options: SaneScannerOptions): SaneScanner {
  const { device, driver } = options;
  let known: SaneOptions | undefined;
  let state: PageSourceHealth['state'] = 'missing';
  let errorCode: string | undefined = 'SCANNER_MISSING';
  let isScanning = false;

  async function readOptions(
    signal: AbortSignal,
    withArguments: readonly string[] = [],
  ): Promise<SaneOptions> {
    const { stdout, end } = await askScanimage(options, ['-d', device, ...withArguments, '-A'], {
      signal,
      timeoutMs: askTimeoutMs,
    });
    if (end.status !== 0) throw failureOfScan(end);
    return parseSaneOptions(stdout);
  }

  /** What is asked of the device for these settings; other options may be active with another source. */
  async function prepare(settings: ScanSettings, signal: AbortSignal): Promise<SaneRequest> {
    known ??= await readOptions(signal);
    const source = sourceArguments(known, settings.source);
    const now =
      source.length === 0
        ? known
        : await readOptions(signal, source).catch((error: unknown) => {
            if (signal.aborted) throw error;
            return undefined;
          });
    return requestOf(known, now ?? known, settings);
  }

  async function* scan(
    settings: ScanSettings,
    wait: ScanWait,
  ): AsyncGenerator<ScannedSheet, void, undefined> {
    if (isScanning) throw new AppError('DEVICE_BUSY');
    isScanning = true;
    const folder = await mkdtemp(join(options.scratchFolder, 'sheet-'));
    let running: RunningScanimage | undefined;
    try {
      await chmod(folder, 0o700);
      const request = await prepare(settings, wait.signal);
      const isFeeder = settings.source !== 'flatbed';
      const format = (request.dpi ?? settings.dpi) > maxPlainDpi ? 'png' : 'tiff';
      running = startScanimage(
        options,
        [
          ...['-d', device, `--format=${format}`, '--batch=sheet%04d', '--batch-print', '--batch-prompt'],
          ...(isFeeder ? [] : ['--batch-count=1']),
          ...request.args,
        ],
        folder,
      );
      for (let ahead = 0; ahead < (isFeeder ? sheetsAhead : 1); ahead += 1) running.allowSheet();
      yield* takeSheets(running, { folder, settings, request, wait });
    } catch (error) {
      if (!wait.signal.aborted) throw error;
    } finally {
      await running?.close();
      await rm(folder, { recursive: true, force: true });
      isScanning = false;
    }
  }

  async function* takeSheets(
    running: RunningScanimage,
    of: { folder: string; settings: ScanSettings; request: SaneRequest; wait: ScanWait },
  ): AsyncGenerator<ScannedSheet, void, undefined> {
    const { settings, request, wait } = of;
    const names = running.lines[Symbol.asyncIterator]();
    // What is in the feeder's path by then still comes; nothing more is let in.
    const onFinish = (): void => running.endInput();
    wait.finish?.addEventListener('abort', onFinish, { once: true });
    if (wait.finish?.aborted) onFinish();
    let count = 0;
    try {
      for (;;) {
        const next = await nextName(names, running, wait);
        if (next === undefined) break;
        count += 1;
        yield await sheetOf(await takeFile(of.folder, next, count), settings, request);
        if (wait.finish?.aborted !== true) running.allowSheet();
      }
    } finally {
      wait.finish?.removeEventListener('abort', onFinish);
    }
    const end = await running.ended;
    const isOver = end.status === 0 || (end.status === emptyStatus && count > 0);
    if (!isOver) throw await explain(end, wait.signal);
    if (sheetsSaid(end.stderr) > count) throw new AppError('SCANNER_SHEET_LOST', { came: count });
    const isFeeder = settings.source !== 'flatbed';
    // The end of the batch; a feeder that had nothing at all ends the same way.
    if (count === 0) throw new AppError(isFeeder ? 'SCANNER_EMPTY' : 'SCANNER_SHEET_LOST');
    if (isFeeder && wait.finish?.aborted !== true && !saysEmpty(end)) throw new AppError('SCANNER_STOPPED');
  }

  /** An I/O error is a fault, or a cable: the device itself tells which. */
  async function explain(end: SaneEnd, signal: AbortSignal): Promise<AppError> {
    const failure = failureOfScan(end);
    if (end.status !== ioErrorStatus) return failure;
    try {
      await readOptions(signal);
      return failure;
    } catch (error) {
      state = 'missing';
      errorCode = 'SCANNER_LOST';
      return new AppError('SCANNER_LOST', {}, { cause: error });
    }
  }

  return {
    health: () => ({
      id: `${driver}@${device}`,
      name: options.name,
      driver,
      address: device,
      state,
      simulated: options.simulated,
      can: known ? abilitiesOf(known) : { sources: [], dpis: [], colours: [] },
      ...(errorCode === undefined ? {} : { errorCode }),
    }),
    scan,
    async ask(signal) {
      // A device under way answers nobody else; that it scans is proof enough.
      if (isScanning) return;
      try {
        known = await readOptions(signal);
        state = 'ready';
        errorCode = undefined;
      } catch (error) {
        if (signal.aborted) return;
        const code = error instanceof AppError ? error.code : 'DEVICE_FAULT';
        state = code === 'SCANNER_MISSING' ? 'missing' : 'fault';
        errorCode = code;
      }
    },
    noteMissing() {
      state = 'missing';
      errorCode = 'SCANNER_MISSING';
    },
  };
}

/** Sheets are numbered from 1: a number that is missing is a sheet that went through and became no file. */
async function takeFile(folder: string, name: string, number: number): Promise<Uint8Array> {
  const said = Number(/(\d+)$/.exec(name)?.[1] ?? number);
  if (said > number) throw new AppError('SCANNER_SHEET_LOST', { came: number - 1, said });
  const path = join(folder, basename(name));
  try {
    const bytes = await readFile(path);
    await rm(path);
    return bytes;
  } catch (error) {
    throw new AppError('SCANNER_SHEET_LOST', { came: number - 1 }, { cause: error });
  }
}

async function sheetOf(
  bytes: Uint8Array,
  { dpi: wanted, colour: colourWanted }: ScanSettings,
  { dpi, colour, area }: SaneRequest,
): Promise<ScannedSheet> {
  const facts = await readPictureFacts(bytes);
  return {
    bytes,
    ...whatCame(facts, { dpi, colour, area }),
    asked: { dpi: wanted, colour: colourWanted },
    kept: () => Promise.resolve(),
  };
}

/** The name of the next whole sheet; undefined at the end. Throws DEVICE_TIMEOUT when it stays away too long. */
async function nextName(
  names: AsyncIterator<string, unknown>,
  running: RunningScanimage,
  { signal, sheetTimeoutMs }: ScanWait,
): Promise<string | undefined> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    // What hangs inside a backend hears no polite word.
    running.stop('SIGKILL');
  }, sheetTimeoutMs);
  const onAbort = (): void => void running.close();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    const next = await names.next();
    if (isLate) throw new AppError('DEVICE_TIMEOUT', { program: 'scanimage' });
    signal.throwIfAborted();
    return next.done ? undefined : next.value;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
