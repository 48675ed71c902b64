/**
 * A scanner behind SANE. scanimage runs as a process of its own, since backends crash and hang; it writes each sheet
 * into a private folder, from where it is taken and deleted at once. It asks before each sheet (--batch-prompt), so the
 * feeder never runs far ahead of what is stored.
 */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type {
  PageSource,
  PageSourceHealth,
  ScannedSheet,
  ScanSettings,
  ScanWait,
} from '../../../ports/page-source.ts';
import { failureOfScan, ioErrorStatus } from './failures.ts';
import type { SaneEnd } from './failures.ts';
import { abilitiesOf, parseSaneOptions, scanArguments } from './options.ts';
import type { SaneOptions } from './options.ts';
import { askScanimage, startScanimage } from './scanimage.ts';
import type { RunningScanimage, ScanimageOptions } from './scanimage.ts';

/** Sheets that may lie scanned and not yet taken. */
const sheetsAhead = 3;
/** Uncompressed A4 in colour is 25 MB at 300 dpi and 100 MB at 600, where packing is worth its time. */
const mostPlainDpi = 300;
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

  async function readOptions(signal: AbortSignal): Promise<SaneOptions> {
    const { stdout, end } = await askScanimage(options, ['-d', device, '-A'], {
      signal,
      timeoutMs: askTimeoutMs,
    });
    if (end.status !== 0) throw failureOfScan(end);
    return parseSaneOptions(stdout);
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
      known ??= await readOptions(wait.signal);
      const isFeeder = settings.source !== 'flatbed';
      const format = settings.dpi > mostPlainDpi ? 'png' : 'tiff';
      running = startScanimage(
        options,
        [
          ...['-d', device, `--format=${format}`, '--batch=sheet%04d', '--batch-print', '--batch-prompt'],
          ...(isFeeder ? [] : ['--batch-count=1']),
          ...scanArguments(known, settings),
        ],
        folder,
      );
      for (let ahead = 0; ahead < (isFeeder ? sheetsAhead : 1); ahead += 1) running.allowSheet();
      yield* takeSheets(running, folder, settings, wait);
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
    folder: string,
    settings: ScanSettings,
    wait: ScanWait,
  ): AsyncGenerator<ScannedSheet, void, undefined> {
    const names = running.lines[Symbol.asyncIterator]();
    let count = 0;
    for (;;) {
      const next = await nextName(names, running, wait);
      if (next === undefined) break;
      const path = join(folder, next);
      const bytes = await readFile(path);
      await rm(path);
      count += 1;
      yield { bytes, dpi: settings.dpi, colour: settings.colour, kept: () => Promise.resolve() };
      running.allowSheet();
    }
    const end = await running.ended;
    if (end.status === 0) {
      // The end of the stack; a feeder that had nothing at all ends the same way.
      if (count === 0) throw new AppError('SCANNER_EMPTY');
      return;
    }
    throw await explain(end, wait.signal);
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
