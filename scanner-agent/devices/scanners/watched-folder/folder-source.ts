/**
 * A folder that a scanner's own program fills. A file is taken when it has been quiet for a while and has its end, and
 * moves to the done folder only after its pages are durable: a crash in between offers it again.
 */
import { constants } from 'node:fs';
import { access, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { watch } from 'chokidar';
import { AppError } from '#domain/errors/app-error.ts';
import type { ConfiguredScanner, WatchedFolderDriver } from '#domain/catalogue/scanner-drivers.ts';
import type {
  PageSource,
  PageSourceHealth,
  ScannedSheet,
  ScanSettings,
  ScanWait,
} from '../../../ports/page-source.ts';
import { pause } from '../../byte-links/wait.ts';
import type { ScannerFinder } from '../scanner-finder.ts';
import { hasItsEnd } from './whole-file.ts';

const suffixes = new Set(['.jpg', '.jpeg', '.png', '.tif', '.tiff', '.pdf']);
const tailBytes = 1024;
/** A file without its end is looked at again so often before it is called damaged. */
const patience = 20;

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
  { address: folder, name, simulated }: ConfiguredScanner,
): PageSource & { ask: () => Promise<void> } {
  let state: PageSourceHealth['state'] = 'missing';
  let isScanning = false;

  async function* scan(_: ScanSettings, wait: ScanWait): AsyncGenerator<ScannedSheet, void, undefined> {
    if (isScanning) throw new AppError('DEVICE_BUSY');
    await ask();
    if (state !== 'ready') throw new AppError('SCANNER_MISSING', { folder });
    isScanning = true;
    const queue: string[] = [];
    /** Yielded, and not yet moved away. */
    const taken = new Set<string>();
    let wake: () => void = () => undefined;
    const watcher = watch(folder, {
      depth: 0,
      ignored: (path, stats) => stats?.isFile() === true && !suffixes.has(extname(path).toLowerCase()),
      awaitWriteFinish: { stabilityThreshold: driver.quietMs, pollInterval: Math.min(100, driver.quietMs) },
    });
    const notice = (path: string): void => {
      if (queue.includes(path) || taken.has(path)) return;
      queue.push(path);
      wake();
    };
    watcher.on('add', notice);
    // A name that comes again soon after its file was moved is told as a change.
    watcher.on('change', notice);
    const onAbort = (): void => wake();
    wait.signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!wait.signal.aborted) {
        // Files that came together stand in the order of their names: scan0001, scan0002.
        queue.sort((a, b) => basename(a).localeCompare(basename(b), 'zh-CN', { numeric: true }));
        const path = queue.shift();
        if (path === undefined) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        const sheet = await take(path, wait.signal);
        if (!sheet) continue;
        taken.add(path);
        const kept = async (): Promise<void> => {
          await sheet.kept();
          taken.delete(path);
        };
        yield { ...sheet, kept };
      }
    } finally {
      wait.signal.removeEventListener('abort', onAbort);
      await watcher.close();
      isScanning = false;
    }
  }

  async function take(path: string, signal: AbortSignal): Promise<ScannedSheet | undefined> {
    for (let attempt = 0; attempt < patience; attempt += 1) {
      if (signal.aborted) return undefined;
      const isWhole = await looksWhole(path).catch(() => undefined);
      // Gone again: the program renamed it, and its new name comes as another file.
      if (isWhole === undefined) return undefined;
      if (isWhole) {
        const fileName = basename(path);
        return { bytes: await readFile(path), fileName, kept: () => moveInto(driver.doneFolder, path) };
      }
      await pause(driver.quietMs, signal).catch(() => undefined);
    }
    await moveInto(driver.refusedFolder, path);
    return undefined;
  }

  async function moveInto(name: string, path: string): Promise<void> {
    const target = join(folder, name);
    await mkdir(target, { recursive: true });
    await rename(path, await freeName(target, basename(path)));
  }

  async function ask(): Promise<void> {
    state = await access(folder, constants.R_OK | constants.W_OK).then(
      () => 'ready' as const,
      () => 'missing' as const,
    );
  }

  return {
    ask,
    scan,
    health: () => ({
      id: `${driver.id}@${folder}`,
      name: name ?? `${driver.model} ${basename(folder)}`,
      driver: driver.id,
      address: folder,
      state,
      simulated,
      can: { sources: ['folder'], dpis: [], colours: [] },
      ...(state === 'ready' ? {} : { errorCode: 'SCANNER_MISSING' }),
    }),
  };
}

async function looksWhole(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(8, size));
    const tail = Buffer.alloc(Math.min(tailBytes, size));
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, size - tail.length);
    return hasItsEnd(head, tail);
  } finally {
    await file.close();
  }
}

/** A name that no file of an earlier stack has. */
async function freeName(folder: string, name: string): Promise<string> {
  const suffix = extname(name);
  const stem = basename(name, suffix);
  for (let count = 1; ; count += 1) {
    const path = join(folder, count === 1 ? name : `${stem}-${count}${suffix}`);
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) return path;
  }
}
