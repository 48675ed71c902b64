/**
 * A folder that a scanner's own program fills. A file is taken when it has been quiet for a while and has its end, and
 * moves to the done folder only after its pages are durable: a crash in between offers it again. One that cannot be
 * opened moves to a folder of its own with the reason beside it, and holds up nothing else.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { ConfiguredScanner, WatchedFolderDriver } from '#domain/catalogue/scanner-drivers.ts';
import type {
  Arrival,
  PageSource,
  PageSourceHealth,
  ScanSettings,
  ScanWait,
} from '../../../ports/page-source.ts';
import { pause } from '../../byte-links/wait.ts';
import type { ScannerFinder } from '../scanner-finder.ts';
import { createFolderLook, folderError } from './folder-look.ts';
import type { FoundFile, Look } from './folder-look.ts';
import { moveAside } from './set-aside.ts';

const longestPauseMs = 500;

export function findFolders(
  driver: WatchedFolderDriver,
  { configured }: { configured: readonly ConfiguredScanner[] },
): ScannerFinder {
  const sources = configured.map((one) => createFolderSource(driver, one));
  return {
    list: () => sources,
    refresh: async () => {
      await Promise.all(sources.map((source) => source.ask()));
    },
    close: () => Promise.resolve(),
  };
}

function createFolderSource(
  driver: WatchedFolderDriver,
  { address, name, simulated }: ConfiguredScanner,
): PageSource & { ask: () => Promise<void> } {
  const folder = resolve(address);
  let state: PageSourceHealth['state'] = 'missing';
  let errorCode: ErrorCode | undefined = 'SCANNER_MISSING';
  let isScanning = false;
  /** Done with, and still in the folder because it takes no changes: known by what they are, for as long as we run. */
  const settled = new Set<string>();
  let moveError: AppError | undefined;

  async function* scan(_: ScanSettings, wait: ScanWait): AsyncGenerator<Arrival, void, undefined> {
    if (isScanning) throw new AppError('DEVICE_BUSY');
    await ask();
    if (state !== 'ready') throw new AppError(errorCode ?? 'SCANNER_MISSING', { folder: address });
    isScanning = true;
    moveError = undefined;
    const signal = wait.finish ? AbortSignal.any([wait.signal, wait.finish]) : wait.signal;
    const look = createFolderLook(folder, driver.quietMs);
    /** Yielded in this scan, whatever became of it. */
    const offered = new Set<string>();
    const isSettled = (identity: string): boolean => offered.has(identity) || settled.has(identity);
    let told: string | undefined;
    try {
      while (!signal.aborted) {
        const seen = await lookOnce(look, isSettled);
        const notice = noticeOf(seen);
        const saying = notice && `${notice.code} ${JSON.stringify(notice.details)}`;
        if (saying !== told) {
          told = saying;
          yield { notice, isIncomplete: notice !== undefined && notice.code !== 'SCANNER_FOLDER_READ_ONLY' };
        }
        if (seen instanceof AppError || 'unready' in seen) {
          await pause(Math.min(longestPauseMs, driver.quietMs / 2), signal).catch(() => undefined);
          continue;
        }
        offered.add(seen.file.identity);
        yield arrivalOf(seen, offered);
      }
    } finally {
      isScanning = false;
    }
  }

  async function lookOnce(
    look: ReturnType<typeof createFolderLook>,
    isSettled: (identity: string) => boolean,
  ): Promise<Look | AppError> {
    try {
      const seen = await look.next(isSettled);
      [state, errorCode] = ['ready', undefined];
      return seen;
    } catch (error) {
      const trouble = folderError(error, address);
      [state, errorCode] = ['missing', trouble.code];
      return trouble;
    }
  }

  function noticeOf(seen: Look | AppError): AppError | undefined {
    if (seen instanceof AppError) return seen;
    if ('unready' in seen && seen.unready.length > 0)
      return new AppError('FILE_IN_USE', { files: seen.unready });
    return moveError;
  }

  function arrivalOf(seen: Exclude<Look, { unready: string[] }>, offered: Set<string>): Arrival {
    const { file } = seen;
    const moveTo = async (into: string, refusal?: AppError): Promise<string | undefined> => {
      const to = await move(into, file, refusal);
      // Whoever lays it back into the folder wants it tried again.
      if (to !== undefined) offered.delete(file.identity);
      return to;
    };
    const setAside = (refusal: AppError): Promise<string | undefined> =>
      moveTo(driver.refusedFolder, refusal);
    if ('refusal' in seen) return { refusal: seen.refusal, fileName: file.shown, setAside };
    const kept = async (): Promise<void> => {
      await moveTo(driver.doneFolder);
    };
    return { bytes: seen.bytes, fileName: file.shown, kept, setAside };
  }

  async function move(into: string, file: FoundFile, refusal?: AppError): Promise<string | undefined> {
    const moved = await moveAside(folder, into, file, refusal);
    if ('to' in moved) return moved.to;
    if ('failed' in moved) {
      settled.add(file.identity);
      moveError = new AppError('SCANNER_FOLDER_READ_ONLY', { folder: address }, { cause: moved.failed });
    }
    return undefined;
  }

  async function ask(): Promise<void> {
    try {
      if (!(await stat(folder)).isDirectory()) throw new AppError('SCANNER_MISSING');
      await access(folder, constants.R_OK | constants.X_OK);
      [state, errorCode] = ['ready', undefined];
    } catch (error) {
      const { code } = folderError(error, address);
      const isForbidden = code === 'SCANNER_FOLDER_FORBIDDEN';
      [state, errorCode] = isForbidden ? ['fault', code] : ['missing', 'SCANNER_MISSING'];
    }
  }

  return {
    ask,
    scan,
    health: () => ({
      id: `${driver.id}@${address}`,
      name: name ?? `${driver.model} ${basename(folder)}`,
      driver: driver.id,
      address,
      state,
      simulated,
      can: { sources: ['folder'], dpis: [], colours: [] },
      ...(errorCode === undefined ? {} : { errorCode }),
    }),
  };
}
