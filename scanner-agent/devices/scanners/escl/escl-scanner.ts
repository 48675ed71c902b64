/**
 * A network scanner that speaks eSCL: a job is made, its documents are fetched one by one until there is no next one.
 * Whether 404 is the end of the batch or a jam, the scanner's status tells.
 */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type {
  PageSource,
  PageSourceHealth,
  ScannedSheet,
  ScanSettings,
  ScanWait,
} from '../../../ports/page-source.ts';
import { pause } from '../../byte-links/wait.ts';
import { exchange } from './http.ts';
import type { Answer } from './http.ts';
import { readPictureFacts } from '#paper/imaging/files/picture-facts.ts';
import { whatCame } from '../what-came.ts';
import { parseCapabilities, parseStatus, requestOf, scanSettingsXml } from './messages.ts';
import type { EsclCapabilities, EsclRequest, EsclStatus } from './messages.ts';
import { errorOf, ownJob, refusalOf } from './status-words.ts';

const askTimeoutMs = 5_000;
const startTimeoutMs = 30_000;
const cancelTimeoutMs = 3_000;
/** Where a busy scanner names no time. */
const usualRetryMs = 1_000;
/** Scanners notice late that their tray has run empty, and answer 404 before a side is ready. */
const endTries = 4;
const endPauseMs = 700;
const mmPerUnit = 25.4 / 300;

export interface EsclScannerOptions {
  driver: string;
  /** Root of the service, e.g. http://192.168.1.20:80/eSCL */
  url: string;
  name?: string;
  simulated: boolean;
}

export interface EsclScanner extends PageSource {
  /** Asks what it can and how it is; its health tells the outcome. */
  ask(signal: AbortSignal): Promise<void>;
  noteMissing(): void;
}

export function createEsclScanner(options: EsclScannerOptions): EsclScanner {
  const { driver, url } = options;
  const root = url.endsWith('/') ? url : `${url}/`;
  let known: EsclCapabilities | undefined;
  let state: PageSourceHealth['state'] = 'missing';
  let errorCode: ErrorCode | undefined = 'SCANNER_MISSING';
  let isScanning = false;

  const at = (path: string): URL => new URL(path, root);

  async function readCapabilities(signal: AbortSignal): Promise<EsclCapabilities> {
    const { status, bytes } = await exchange({
      method: 'GET',
      url: at('ScannerCapabilities'),
      signal,
      timeoutMs: askTimeoutMs,
    });
    if (status !== 200) throw refusalOf(status, 'ScannerCapabilities');
    return understood('ScannerCapabilities', () => parseCapabilities(textOf(bytes)));
  }

  async function readStatus(signal: AbortSignal): Promise<EsclStatus> {
    const { status, bytes } = await exchange({
      method: 'GET',
      url: at('ScannerStatus'),
      signal,
      timeoutMs: askTimeoutMs,
    });
    if (status !== 200) throw refusalOf(status, 'ScannerStatus');
    return understood('ScannerStatus', () => parseStatus(textOf(bytes)));
  }

  async function* scan(
    settings: ScanSettings,
    wait: ScanWait,
  ): AsyncGenerator<ScannedSheet, void, undefined> {
    if (isScanning) throw new AppError('DEVICE_BUSY');
    isScanning = true;
    let job: URL | undefined;
    let isOver = false;
    try {
      known ??= await readCapabilities(wait.signal);
      const request = requestOf(settings, known);
      if (!request) throw new AppError('SCANNER_SETTING_UNSUPPORTED', { source: settings.source });
      job = await startJob(request, wait.signal);
      for (let count = 0; ; count += 1) {
        if (wait.finish?.aborted && !(await hasWaiting(job, wait.signal))) return;
        const bytes = await nextDocument(job, wait);
        if (!bytes) {
          isOver = true;
          await judgeEnd(job, request, count, wait.signal);
          return;
        }
        yield await sheetOf(bytes, settings, request);
      }
    } catch (error) {
      if (error instanceof AppError && error.code === 'SCANNER_LOST') {
        state = 'missing';
        errorCode = 'SCANNER_LOST';
      }
      if (!wait.signal.aborted) throw error;
    } finally {
      if (job && !isOver) await cancel(job);
      isScanning = false;
    }
  }

  async function startJob(request: EsclRequest, signal: AbortSignal): Promise<URL> {
    const answer = await exchange({
      method: 'POST',
      url: at('ScanJobs'),
      body: scanSettingsXml(request),
      signal,
      timeoutMs: startTimeoutMs,
    });
    if (answer.status === 201 && answer.location) return jobAt(answer.location);
    // Scanners refuse a job with 409 or 503 alike when they are busy, open, jammed or empty: the status says which.
    const { state: now, adfState } = await readStatus(signal);
    const isFeeder = request.source !== 'flatbed';
    const trouble = isFeeder ? errorOf(adfState) : undefined;
    if (trouble) throw new AppError(trouble);
    if (isFeeder && adfState === 'ScannerAdfEmpty') throw new AppError('SCANNER_EMPTY');
    if (now === 'Processing' || answer.status === 503) throw new AppError('DEVICE_BUSY');
    throw refusalOf(answer.status, 'ScanJobs');
  }

  /** Some scanners name themselves by a host name that this network does not know: only the path is believed. */
  function jobAt(location: URL): URL {
    const job = new URL(location.pathname, root);
    if (!job.pathname.endsWith('/')) job.pathname += '/';
    return job;
  }

  async function nextDocument(job: URL, wait: ScanWait): Promise<Uint8Array | undefined> {
    const until = performance.now() + wait.sheetTimeoutMs;
    let ends = 0;
    for (;;) {
      const timeoutMs = Math.max(1, Math.ceil(until - performance.now()));
      const answer = await exchange({
        method: 'GET',
        url: new URL('NextDocument', job),
        signal: wait.signal,
        timeoutMs,
      });
      if (answer.status === 200) return answer.bytes;
      if (isEnd(answer)) {
        ends += 1;
        if (ends >= endTries || !(await hasWaiting(job, wait.signal))) return undefined;
        await pause(endPauseMs, wait.signal);
        continue;
      }
      if (answer.status !== 503) throw await errorNow(wait.signal, refusalOf(answer.status, 'NextDocument'));
      await errorIfAny(wait.signal);
      if (performance.now() >= until) throw new AppError('DEVICE_TIMEOUT', { step: 'NextDocument' });
      await pause(Math.min(answer.retryAfterMs ?? usualRetryMs, 5_000), wait.signal);
    }
  }

  /** Sides that were scanned and wait in the scanner, as far as it counts them. */
  async function hasWaiting(job: URL, signal: AbortSignal): Promise<boolean> {
    const status = await readStatus(signal).catch(() => undefined);
    return (ownJob(status, job)?.toTransfer ?? 0) > 0;
  }

  /** No next document: all came, or the scanner gave up, lost a side, or has paper left. */
  async function judgeEnd(
    job: URL,
    { source, format }: EsclRequest,
    count: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const status = await readStatus(signal);
      const isFeeder = source !== 'flatbed';
      const trouble = isFeeder ? errorOf(status.adfState) : undefined;
      if (trouble) throw new AppError(trouble);
      const own = ownJob(status, job);
      if (own && /^(aborted|cancell?ed)$/i.test(own.state)) throw new AppError('SCANNER_STOPPED', { count });
      if (count === 0) throw new AppError(isFeeder ? 'SCANNER_EMPTY' : 'SCANNER_STOPPED');
      // A PDF may hold many sides: they are not counted by documents.
      const sides =
        format === 'image/jpeg' ? Math.max(own?.completed ?? 0, count + (own?.toTransfer ?? 0)) : count;
      if (sides > count) throw new AppError('SCANNER_SHEET_LOST', { came: count, scanned: sides });
      const isLeft = isFeeder && status.adfState === 'ScannerAdfLoaded' && own?.state !== 'Completed';
      if (!isLeft) return;
      if (tries >= endTries) throw new AppError('SCANNER_STOPPED', { count });
      await pause(endPauseMs, signal);
    }
  }

  async function errorIfAny(signal: AbortSignal): Promise<void> {
    const trouble = errorOf((await readStatus(signal)).adfState);
    if (trouble) throw new AppError(trouble);
  }

  async function errorNow(signal: AbortSignal, otherwise: AppError): Promise<AppError> {
    const trouble = errorOf((await readStatus(signal)).adfState);
    return trouble ? new AppError(trouble) : otherwise;
  }

  /** A job left open keeps the scanner for itself; one that is gone already is what was wanted. */
  async function cancel(job: URL): Promise<void> {
    const url = new URL(job);
    url.pathname = url.pathname.replace(/\/$/, '');
    const signal = new AbortController().signal;
    await exchange({ method: 'DELETE', url, signal, timeoutMs: cancelTimeoutMs }).catch(() => undefined);
  }

  return {
    health: () => ({
      id: `${driver}@${url}`,
      name: options.name ?? known?.name ?? url,
      driver,
      address: url,
      state,
      simulated: options.simulated,
      can: known?.can ?? { sources: [], dpis: [], colours: [] },
      ...(errorCode === undefined ? {} : { errorCode }),
    }),
    scan,
    async ask(signal) {
      if (isScanning) return;
      try {
        known ??= await readCapabilities(signal);
        const status = await readStatus(signal);
        const isDown = status.state === 'Down' || status.state === 'Stopped';
        state = isDown ? 'fault' : 'ready';
        errorCode = isDown ? (errorOf(status.adfState) ?? 'DEVICE_FAULT') : undefined;
      } catch (error) {
        if (signal.aborted) return;
        const code = error instanceof AppError ? error.code : 'DEVICE_FAULT';
        const isGone = code === 'SCANNER_LOST' || code === 'DEVICE_TIMEOUT';
        state = isGone ? 'missing' : 'fault';
        errorCode = isGone ? 'SCANNER_MISSING' : code;
      }
    },
    noteMissing() {
      state = 'missing';
      errorCode = 'SCANNER_MISSING';
    },
  };
}

function isEnd({ status }: Answer): boolean {
  return status === 404 || status === 410;
}

function understood<T>(step: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new AppError('DEVICE_FAULT', { step, reason: 'answer not understood' }, { cause: error });
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

async function sheetOf(
  bytes: Uint8Array,
  { dpi: wanted, colour: colourWanted }: ScanSettings,
  { dpi, colour, area }: EsclRequest,
): Promise<ScannedSheet> {
  const size = { widthMm: area.width * mmPerUnit, heightMm: area.height * mmPerUnit };
  return {
    bytes,
    ...whatCame(await readPictureFacts(bytes), { dpi, colour, area: size }),
    asked: { dpi: wanted, colour: colourWanted },
    kept: () => Promise.resolve(),
  };
}
