/**
 * The few steps on the disk that blobs need. Those that touch names only are done in place: handing them to a thread costs
 * more than they do. Writing and flushing wait for the disk, and belong to a thread.
 */
import { closeSync, fsync, ftruncateSync, mkdirSync, openSync, statSync, writev } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { sizeOfParts } from './batches.ts';

const writevAsync = promisify(writev);
const fsyncAsync = promisify(fsync);

export interface DiskFile {
  /** Writes the whole at the file's end, where `at` is. Throws ENOSPC with nothing of it left, also when a part fitted. */
  append(parts: readonly Uint8Array[], at: number): Promise<void>;
  sync(): Promise<void>;
  /** Again is fine. */
  close(): void;
}

export function openFile(path: string, flags: 'a' | 'r+'): DiskFile {
  const fd = openSync(path, flags, 0o600);
  let isOpen = true;
  return {
    async append(parts, at) {
      try {
        const { bytesWritten } = await writevAsync(fd, parts);
        if (bytesWritten < sizeOfParts(parts))
          throw Object.assign(new Error('the disk took a part'), { code: 'ENOSPC' });
      } catch (error) {
        try {
          // half of it would be counted as received
          ftruncateSync(fd, at);
        } catch {
          // without room even this may fail, then the hash finds it
        }
        throw error;
      }
    },
    sync: () => fsyncAsync(fd),
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(fd);
    },
  };
}

/** Makes the file and its folder where they are missing. */
export function openForAppending(path: string): DiskFile {
  try {
    return openFile(path, 'a');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openFile(path, 'a');
  }
}

/** Undefined when there is no such file. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** Until then a power cut may take the newest names in it. */
export async function syncFolder(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await fsyncAsync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Resolves when all that was done before the call is on the disk: one flush serves all calls made before it began. After a
 * failure nobody knows what the disk holds: every later call fails too.
 */
export function shareFlush(flush: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  async function run(): Promise<void> {
    await flush();
    running = undefined;
  }
  function start(): Promise<void> {
    next = undefined;
    return (running = run());
  }
  // one that has begun may have passed over what was done since
  return () => (running ? (next ??= running.then(start)) : start());
}

/** `syncFolder`, shared by those who wait for the same folder. For a bounded number of folders. */
export function createFolderFlush(): (path: string) => Promise<void> {
  const flushes = new Map<string, () => Promise<void>>();
  return async (path) => {
    const flush = flushes.get(path) ?? shareFlush(() => syncFolder(path));
    flushes.set(path, flush);
    try {
      await flush();
    } catch (error) {
      // it could not even be opened, for want of a descriptor: nothing was flushed, so the next try tells the truth
      if (error instanceof Error && 'syscall' in error && error.syscall === 'open') flushes.delete(path);
      throw error;
    }
  };
}

export const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(String(codeOf(error)));
