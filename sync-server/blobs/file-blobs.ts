import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import { checkSha, createSpool, sizeOf, syncFolder } from './spool.ts';

export interface FileBlobsOptions {
  folder: string;
  /** Uploads wait below this. */
  minFreeBytes: number;
}

/** Blobs as files: `ab/<sha>` when whole, `incoming/<station>/<sha>` until then. */
export function createFileBlobs({ folder, minFreeBytes }: FileBlobsOptions): BlobStore {
  const finalPath = (sha: string): string => join(folder, checkSha(sha).slice(0, 2), sha);
  const has = async (sha: string): Promise<boolean> => (await sizeOf(finalPath(sha))) !== undefined;

  /** Rename and fsync of the folder: after this the name vouches for the content, even after a power cut. */
  async function keep(path: string, sha: string): Promise<void> {
    const target = finalPath(sha);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target);
    await syncFolder(dirname(target));
    await syncFolder(folder);
  }

  return {
    ...createSpool({ folder: join(folder, 'incoming'), minFreeBytes, has, keep }),
    has,
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
    async check() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    },
  };
}
