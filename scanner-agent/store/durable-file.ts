import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The file is there whole or not at all, also after a power cut: temporary name, fsync, rename, fsync of the folder.
 * Without the last step the name itself may be lost.
 */
export async function writeDurably(
  path: string,
  parts: readonly Uint8Array[],
  temporary: string,
): Promise<void> {
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      for (const part of parts) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The same, waiting in place: for keys and the ballast at the start. */
export function writeDurablySync(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.tmp`;
  try {
    const file = openSync(temporary, 'w', 0o600);
    try {
      let at = 0;
      while (at < bytes.length) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolderSync(dirname(path));
}

const pieceBytes = 1 << 20;

/**
 * Overwrites the file where it lies on the disk, at most its first `bytes`, then lets its name go: what was there is in no
 * block of the disk any more. (A file system that writes every change elsewhere, and a flash disk's spare blocks, are out
 * of reach from here.) Nothing happens when it is not there.
 */
export function overwriteAndRemoveSync(path: string, bytes = Infinity): void {
  let file: number;
  try {
    file = openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const size = Math.min(fstatSync(file).size, bytes);
    for (let at = 0; at < size;)
      at += writeSync(file, randomBytes(Math.min(pieceBytes, size - at)), 0, undefined, at);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path, { force: true });
}

/** Until then the newest names in a folder may be lost. */
export function syncFolderSync(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL';
}
