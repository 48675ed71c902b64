import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';

export interface SpoolOptions {
  /** Unfinished blobs lie in `<station>/<sha>` under it. */
  folder: string;
  /** Uploads wait below this. */
  minFreeBytes: number;
  has: (sha: string) => Promise<boolean>;
  /** Takes the file at `path`, whose content is synced and has the right hash, for good: durable when resolved, gone from `path`. */
  keep: (path: string, sha: string) => Promise<void>;
}

export type Spool = Pick<BlobStore, 'offsetOf' | 'append' | 'isShort' | 'sweep'>;

const shape = /^[0-9a-f]{64}$/;

/**
 * Blobs on their way in. Each station has its own unfinished copy, so that none can spoil another's. The sizes of the files
 * are the only book-keeping.
 */
export function createSpool({ folder, minFreeBytes, has, keep }: SpoolOptions): Spool {
  const turns = new Map<string, Promise<unknown>>();
  const pathOf = (stationId: string, sha: string): string => join(folder, stationId, checkSha(sha));

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

  /** Where the blob stands. One that is whole but was not kept before the process ended is kept now. */
  async function standing(stationId: string, sha: string, size: number): Promise<number | 'done'> {
    const path = pathOf(stationId, sha);
    const at = (await sizeOf(path)) ?? 0;
    // no question to the store for each piece: what grows here is looked for again when it is whole
    if (at > 0 && at < size) return at;
    if (at === 0) return (await has(sha)) ? 'done' : 0;
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

  async function finish(path: string, sha: string): Promise<void> {
    // another station may have brought it meanwhile: then this copy is of no account, right or wrong
    if (await has(sha)) return rm(path, { force: true });
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
    await keep(path, sha);
  }

  return {
    offsetOf: ({ stationId, sha, size }) =>
      inTurn(`${stationId}/${sha}`, async () => {
        // another station may have brought the whole of it meanwhile
        if (await has(sha)) return 'done';
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
        const path = pathOf(stationId, sha);
        await write(path, bytes, at);
        if (at + bytes.length < size) return at + bytes.length;
        await finish(path, sha);
        return 'done';
      }),
    async isShort() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize < minFreeBytes;
    },
    async sweep(untouchedSinceMs) {
      let removed = 0;
      for (const stationId of await namesIn(folder)) {
        for (const sha of await namesIn(join(folder, stationId))) {
          if (!shape.test(sha)) continue;
          const isGone = await inTurn(`${stationId}/${sha}`, () =>
            removeOld(pathOf(stationId, sha), untouchedSinceMs),
          );
          if (isGone) removed += 1;
        }
      }
      return removed;
    },
  };
}

/** Names become paths: nothing but a hash may. */
export function checkSha(sha: string): string {
  if (!shape.test(sha)) throw new AppError('BAD_REQUEST', { sha });
  return sha;
}

/** Undefined when there is no such file. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await find(path))?.size;
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeOld(path: string, untouchedSinceMs: number): Promise<boolean> {
  const found = await find(path);
  if (!found || found.mtimeMs >= untouchedSinceMs) return false;
  await rm(path, { force: true });
  return true;
}

async function find(path: string): Promise<{ size: number; mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(String(codeOf(error)));
