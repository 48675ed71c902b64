import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream, mkdirSync, statfsSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore, Proof } from '../ports/blob-store.ts';
import { batches, sizeOfParts } from './batches.ts';
import { codeOf, isFull, openFile, openForAppending, sizeOf } from './disk.ts';
import type { DiskFile } from './disk.ts';

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

type Sent = Parameters<BlobStore['offsetOf']>[0];

/** One body on its way into the file at `path`. */
interface Upload {
  path: string;
  key: string;
  sha: string;
  size: number;
  proof: Proof;
  /** What the file held after this writer's last write. */
  at: number;
  file?: DiskFile | undefined;
  /** Of all bytes, where this writer wrote all of them. */
  hash?: Hash;
}

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

  const isDone = async (sha: string, proof: Proof): Promise<boolean> =>
    (await proof.isKnown()) && (await has(sha));

  /** Where the blob stands. One that is whole but was not kept before the process ended is kept now. */
  async function standing({ stationId, sha, size, proof }: Sent): Promise<number | 'done'> {
    const path = pathOf(stationId, sha);
    const at = sizeOf(path) ?? 0;
    // no question to the store for each piece: what grows here is looked for again when it is whole
    if (at > 0 && at < size) return at;
    if (at === 0) return (await isDone(sha, proof)) ? 'done' : 0;
    await (
      await examine(path, { sha, proof })
    )?.();
    return 'done';
  }

  /**
   * Appends in turn, if the file still ends where this writer left it: another connection may have gone on with it. The last
   * byte completes the blob. Answers false where it wrote nothing.
   */
  async function write(upload: Upload, parts: readonly Uint8Array[]): Promise<boolean> {
    const { path, sha, size, proof } = upload;
    let keepIt: (() => Promise<void>) | undefined;
    const work = async (): Promise<boolean> => {
      if ((sizeOf(path) ?? 0) !== upload.at) return false;
      try {
        upload.file ??= openForAppending(path);
        const written = upload.file.append(parts, upload.at);
        // meanwhile, not after: what becomes of the hash when the write fails does not matter
        for (const part of parts) upload.hash?.update(part);
        await written;
      } catch (error) {
        throw isFull(error) ? new AppError('SERVER_BUSY', { retryAfterMs: 60_000 }, { cause: error }) : error;
      }
      upload.at += sizeOfParts(parts);
      if (upload.at < size) return true;
      const { file, hash } = upload;
      upload.file = undefined;
      const kept = await examine(path, { sha, proof }, { file, actual: hash?.digest('hex') });
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
    { sha, proof }: Pick<Sent, 'sha' | 'proof'>,
    known?: { file: DiskFile; actual: string | undefined },
  ): Promise<(() => Promise<void>) | undefined> {
    const file = known?.file ?? openFile(path, 'r+');
    try {
      const actual = known?.actual ?? (await hashOf(path));
      if (actual === sha) {
        // before it is kept: a process that dies in between finds the file here, whole, and notes it then
        await proof.note();
        return async () => {
          try {
            await file.sync();
          } finally {
            file.close();
          }
          await keep(path, sha);
        };
      }
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    await rm(path);
    // another connection of the station may have brought it meanwhile: then this copy was of no account
    await keeping.get(sha)?.catch(() => undefined);
    if (!(await isDone(sha, proof))) throw new AppError('HASH_MISMATCH', { sha });
    return undefined;
  }

  return {
    offsetOf: (blob) =>
      inTurn(`${blob.stationId}/${blob.sha}`, async () => {
        // another process may have the whole of it
        if (await isDone(blob.sha, blob.proof)) return 'done';
        try {
          return await standing(blob);
        } catch (error) {
          if (error instanceof AppError && error.code === 'HASH_MISMATCH') return 0;
          throw error;
        }
      }),
    async append({ off, body, ...blob }) {
      const { stationId, sha, size, proof } = blob;
      const key = `${stationId}/${sha}`;
      const path = pathOf(stationId, sha);
      const at = await inTurn(key, () => standing(blob));
      if (at === 'done' || off !== at) return at;
      const upload: Upload = {
        path,
        key,
        sha,
        size,
        proof,
        at,
        ...(at === 0 ? { hash: createHash('sha256') } : {}),
      };
      try {
        for await (const parts of batches(body)) {
          if (upload.at + sizeOfParts(parts) > size) throw new AppError('BAD_REQUEST', { sha, size });
          if (!(await write(upload, parts))) return await inTurn(key, () => standing(blob));
        }
        return upload.at === size ? 'done' : upload.at;
      } finally {
        upload.file?.close();
      }
    },
    settled: async (sha) => {
      // a failure is for the next one who asks where the blob stands
      await keeping.get(sha)?.catch(() => undefined);
    },
    isShort() {
      const { bavail, bsize } = statfsSync(folder);
      return Promise.resolve(bavail * bsize < minFreeBytes);
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

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const content: AsyncIterable<Buffer> = createReadStream(path);
  for await (const part of content) hash.update(part);
  return hash.digest('hex');
}

/** Names become paths: nothing but a hash may. */
export function checkSha(sha: string): string {
  if (!shape.test(sha)) throw new AppError('BAD_REQUEST', { sha });
  return sha;
}

async function removeOld(path: string, untouchedSinceMs: number): Promise<boolean> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.mtimeMs >= untouchedSinceMs) return false;
  await rm(path, { force: true });
  return true;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}
