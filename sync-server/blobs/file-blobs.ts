import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';

export interface FileBlobsOptions {
  folder: string;
  /** Uploads wait below this. */
  minFreeBytes: number;
}

const shape = /^[0-9a-f]{64}$/;

/**
 * Blobs as files: `ab/<sha>` when whole, `incoming/<station>/<sha>` until then. Each station has its own unfinished
 * copy, so that none can spoil another's. The sizes of the files are the only book-keeping.
 */
export function createFileBlobs({ folder, minFreeBytes }: FileBlobsOptions): BlobStore {
  const turns = new Map<string, Promise<unknown>>();
  const finalPath = (sha: string): string => join(folder, checked(sha).slice(0, 2), sha);
  const incomingPath = (stationId: string, sha: string): string =>
    join(folder, 'incoming', stationId, checked(sha));

  /** One after another for each unfinished file. */
  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
    const settled = turn
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (turns.get(key) === settled) turns.delete(key);
      });
    turns.set(key, settled);
    return turn;
  }

  const has = async (sha: string): Promise<boolean> => (await sizeOf(finalPath(sha))) !== undefined;

  /** Where the blob stands. One that is whole but was not named before the process ended is named now. */
  async function standing(stationId: string, sha: string, size: number): Promise<number | 'done'> {
    if (await has(sha)) return 'done';
    const path = incomingPath(stationId, sha);
    const at = (await sizeOf(path)) ?? 0;
    if (at < size) return at;
    await finish(path, sha);
    return 'done';
  }

  async function write(path: string, bytes: Uint8Array, at: number): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(bytes);
    } catch (error) {
      // a half-written chunk would be counted as received; without room even this may fail, then the hash finds it
      await file.truncate(at).catch(() => undefined);
      throw isFull(error) ? new AppError('SERVER_BUSY', { retryAfterMs: 60_000 }, { cause: error }) : error;
    } finally {
      await file.close();
    }
  }

  /** fsync, hash, rename, fsync of the folder: after this the name vouches for the content, even after a power cut. */
  async function finish(path: string, sha: string): Promise<void> {
    const file = await open(path, 'r+');
    let actual: string;
    try {
      await file.sync();
      const hash = createHash('sha256');
      const content: AsyncIterable<Buffer> = file.createReadStream({ autoClose: false, start: 0 });
      for await (const part of content) hash.update(part);
      actual = hash.digest('hex');
    } finally {
      await file.close();
    }
    if (actual !== sha) {
      await rm(path);
      throw new AppError('HASH_MISMATCH', { sha });
    }
    const target = finalPath(sha);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target);
    await syncFolder(dirname(target));
    await syncFolder(folder);
  }

  return {
    has,
    offsetOf: ({ stationId, sha, size }) =>
      inTurn(`${stationId}/${sha}`, async () => {
        try {
          return await standing(stationId, sha, size);
        } catch (error) {
          if (error instanceof AppError && error.code === 'HASH_MISMATCH') return 0;
          throw error;
        }
      }),
    append: ({ stationId, sha, size, off, bytes }) =>
      inTurn(`${stationId}/${sha}`, async () => {
        const at = await standing(stationId, sha, size);
        if (at === 'done' || off !== at) return at;
        if (at + bytes.length > size) throw new AppError('BAD_REQUEST', { sha, size });
        const path = incomingPath(stationId, sha);
        await write(path, bytes, at);
        if (at + bytes.length < size) return at + bytes.length;
        await finish(path, sha);
        return 'done';
      }),
    async read(sha) {
      try {
        return await readFile(finalPath(sha));
      } catch (error) {
        throw new AppError('NOT_FOUND', { sha }, { cause: error });
      }
    },
    async isShort() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize < minFreeBytes;
    },
  };
}

/** Names become paths: nothing but a hash may. */
function checked(sha: string): string {
  if (!shape.test(sha)) throw new AppError('BAD_REQUEST', { sha });
  return sha;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(String(codeOf(error)));
