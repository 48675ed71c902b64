import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
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
  /** `done` before it is kept: only where every commit asks `settled` in this process. */
  answersEarly: boolean;
}

export type Spool = Pick<BlobStore, 'offsetOf' | 'append' | 'isShort' | 'sweep'> & {
  /** Resolves when the blob is not being kept just now. */
  settled: (sha: string) => Promise<void>;
};

const shape = /^[0-9a-f]{64}$/;

/** One body on its way into the file at `path`. */
interface Upload {
  path: string;
  key: string;
  sha: string;
  size: number;
  /** What the file held after this writer's last write. */
  at: number;
  file?: FileHandle | undefined;
  /** Of all bytes, where this writer wrote all of them. */
  hash?: Hash;
}

/** A body comes in small pieces; fewer writes of so many bytes cost less. */
const batchBytes = 1024 * 1024;

/**
 * Blobs on their way in. Each station has its own unfinished copy, so that none can spoil another's. The sizes of the files
 * are the only book-keeping.
 */
export function createSpool({ folder, minFreeBytes, has, keep, answersEarly }: SpoolOptions): Spool {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const turns = new Map<string, Promise<unknown>>();
  const keeping = new Map<string, Promise<void>>();
  const pathOf = (stationId: string, sha: string): string => join(folder, stationId, checkSha(sha));

  /** One after another for each unfinished file; `after` belongs to the turn, and the result does not wait for it. */
  function inTurn<T>(key: string, work: () => Promise<T>, after?: () => Promise<void>): Promise<T> {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
    const settled = turn
      .then(() => after?.())
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
    const at = sizeOf(path) ?? 0;
    // no question to the store for each piece: what grows here is looked for again when it is whole
    if (at > 0 && at < size) return at;
    if (at === 0) return (await has(sha)) ? 'done' : 0;
    await (
      await examine(path, sha, undefined)
    )?.();
    return 'done';
  }

  /**
   * Appends in turn, if the file still ends where this writer left it: another connection may have gone on with it. The last
   * byte completes the blob. Answers false where it wrote nothing.
   */
  async function write(upload: Upload, parts: readonly Uint8Array[]): Promise<boolean> {
    const { path, sha, size } = upload;
    let keepIt: (() => Promise<void>) | undefined;
    const work = async (): Promise<boolean> => {
      if ((sizeOf(path) ?? 0) !== upload.at) return false;
      const bytes = sizeOfParts(parts);
      try {
        upload.file ??= await openForAppending(path);
        const { bytesWritten } = await upload.file.writev(parts);
        if (bytesWritten < bytes) throw Object.assign(new Error('the disk took a part'), { code: 'ENOSPC' });
      } catch (error) {
        // half of it would be counted as received; without room even this may fail, then the hash finds it
        await upload.file?.truncate(upload.at).catch(() => undefined);
        throw isFull(error) ? new AppError('SERVER_BUSY', { retryAfterMs: 60_000 }, { cause: error }) : error;
      }
      for (const part of parts) upload.hash?.update(part);
      upload.at += bytes;
      if (upload.at < size) return true;
      const { file, hash } = upload;
      upload.file = undefined;
      const kept = await examine(path, sha, { file, actual: hash?.digest('hex') });
      if (answersEarly) keepIt = kept;
      else await kept?.();
      return true;
    };
    return inTurn(upload.key, work, async () => {
      if (!keepIt) return;
      const kept = keepIt().finally(() => keeping.delete(sha));
      keeping.set(sha, kept);
      await kept;
    });
  }

  /**
   * Looks at a blob that has all its bytes. Answers how to keep it, undefined where that is not needed. `known`: the hash of
   * its content, and an open file, which is closed.
   */
  async function examine(
    path: string,
    sha: string,
    known: { file: FileHandle; actual: string | undefined } | undefined,
  ): Promise<(() => Promise<void>) | undefined> {
    const file = known?.file ?? (await open(path, 'r+'));
    try {
      const actual = known?.actual ?? (await hashOf(path));
      if (actual === sha)
        return async () => {
          try {
            await file.sync();
          } finally {
            await file.close();
          }
          await keep(path, sha);
        };
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    await rm(path);
    // another station may have brought it meanwhile, or is about to: then this copy was of no account
    await keeping.get(sha)?.catch(() => undefined);
    if (!(await has(sha))) throw new AppError('HASH_MISMATCH', { sha });
    return undefined;
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
    async append({ stationId, sha, size, off, body }) {
      const key = `${stationId}/${sha}`;
      const path = pathOf(stationId, sha);
      const at = await inTurn(key, () => standing(stationId, sha, size));
      if (at === 'done' || off !== at) return at;
      const upload: Upload = {
        path,
        key,
        sha,
        size,
        at,
        ...(at === 0 ? { hash: createHash('sha256') } : {}),
      };
      try {
        for await (const parts of batches(body)) {
          if (upload.at + sizeOfParts(parts) > size) throw new AppError('BAD_REQUEST', { sha, size });
          if (!(await write(upload, parts))) return await inTurn(key, () => standing(stationId, sha, size));
        }
        return upload.at === size ? 'done' : upload.at;
      } finally {
        await upload.file?.close();
      }
    },
    settled: async (sha) => {
      // a failure is for the next one who asks where the blob stands
      await keeping.get(sha)?.catch(() => undefined);
    },
    async isShort() {
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

const sizeOfParts = (parts: readonly Uint8Array[]): number =>
  parts.reduce((sum, part) => sum + part.length, 0);

async function openForAppending(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a', 0o600);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return open(path, 'a', 0o600);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const content: AsyncIterable<Buffer> = createReadStream(path);
  for await (const part of content) hash.update(part);
  return hash.digest('hex');
}

/** Whatever came before the body broke off is given too. */
async function* batches(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      bytes += part.length;
      if (bytes < batchBytes) continue;
      yield parts.splice(0);
      bytes = 0;
    }
  } catch (error) {
    if (parts.length > 0) yield parts;
    parts = [];
    throw error;
  }
  if (parts.length > 0) yield parts;
}

/** Names become paths: nothing but a hash may. */
export function checkSha(sha: string): string {
  if (!shape.test(sha)) throw new AppError('BAD_REQUEST', { sha });
  return sha;
}

/** Undefined when there is no such file. In place: handing it to a thread costs more than the look itself. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
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
