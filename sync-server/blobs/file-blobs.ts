import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import { createFolderFlush, sizeOf } from './disk.ts';
import { checkSha, createSpool } from './spool.ts';

export interface FileBlobsOptions {
  folder: string;
  /** Uploads wait below this. */
  minFreeBytes: number;
}

/** Blobs as files: `ab/<sha>` when whole, `incoming/<station>/<sha>` until then, `damaged/` when spoilt. */
export function createFileBlobs({ folder, minFreeBytes }: FileBlobsOptions): BlobStore {
  const finalPath = (sha: string): string => join(folder, checkSha(sha).slice(0, 2), sha);
  const has = (sha: string): Promise<boolean> => Promise.resolve(sizeOf(finalPath(sha)) !== undefined);

  const flushFolder = createFolderFlush();
  for (let n = 0; n < 256; n += 1)
    mkdirSync(join(folder, n.toString(16).padStart(2, '0')), { recursive: true, mode: 0o700 });
  /** One flush makes the names of all shelves durable; one that failed is asked for again. */
  let areShelvesDurable = false;

  /** Named on their shelf, and the name not known to be durable. */
  const unsure = new Set<string>();

  /** Rename and fsync of the folder: after this the name vouches for the content, even after a power cut. */
  async function keep(path: string, sha: string): Promise<void> {
    const target = finalPath(sha);
    if (!areShelvesDurable) await flushFolder(folder);
    areShelvesDurable = true;
    renameSync(path, target);
    unsure.add(sha);
    await flushFolder(dirname(target));
    unsure.delete(sha);
  }

  // the files are of one process, so no commit passes by `has` below
  const { settled, ...spool } = createSpool({
    folder: join(folder, 'incoming'),
    minFreeBytes,
    has,
    keep,
    answersEarly: true,
  });

  return {
    ...spool,
    has: async (sha) => {
      await settled(sha);
      if (!(await has(sha))) return false;
      // the flush failed: it says so again here, and no receipt leaves
      if (unsure.has(sha)) await flushFolder(dirname(finalPath(sha)));
      return true;
    },
    async put(sha, bytes) {
      const path = join(folder, 'incoming', randomUUID());
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await keep(path, sha);
    },
    async read(sha) {
      try {
        return await readFile(finalPath(sha));
      } catch (error) {
        throw new AppError('NOT_FOUND', { sha }, { cause: error });
      }
    },
    async setAside(sha) {
      const damaged = join(folder, 'damaged');
      await mkdir(damaged, { recursive: true, mode: 0o700 });
      await rename(finalPath(sha), join(damaged, `${sha}-${randomUUID()}`)).catch((error: unknown) => {
        if (sizeOf(finalPath(sha)) !== undefined) throw error;
      });
    },
    remove: (sha) => rm(finalPath(sha), { force: true }),
    async isEmpty() {
      for (let n = 0; n < 256; n += 1)
        if ((await readdir(join(folder, n.toString(16).padStart(2, '0')))).length > 0) return false;
      return true;
    },
    async check() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    },
  };
}
