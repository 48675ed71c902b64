/**
 * Looks into a watched folder again and again: which files lie there, which have been quiet long enough, in the order of
 * their names. Folders on a network tell no changes, and names need not be UTF-8, so the folder is read, not listened to.
 */
import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { lstat, open, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import { findFileKind } from '#paper/imaging/files/file-kind.ts';
import { maxFileBytes } from '#paper/imaging/files/pages-of-file.ts';
import { compareNames, kindOfName, showName } from './names.ts';
import type { NameKind } from './names.ts';
import { hasItsEnd } from './whole-file.ts';

export interface FoundFile {
  name: Buffer;
  /** The name's bytes, as a key. */
  key: string;
  shown: string;
  /** Which file it is and in what state: another one of the same name, or one written to, is a different document. */
  identity: string;
}

interface Candidate extends FoundFile {
  kind: NameKind;
  isPlain: boolean;
  size: number;
  seenAt: number;
  changedAt: number;
  /** It was read in this state and has no end yet. */
  hasNoEnd: boolean;
}

export type Look =
  | { file: FoundFile; bytes: Uint8Array }
  | { file: FoundFile; refusal: AppError }
  /** Nothing is ready. `unready` have kept still for long and are not whole, or are in use. */
  | { unready: string[] };

/** Quiet times that a file without its end is waited for, and that files behind a growing one are held back. */
const patience = 8;
const holdBack = 4;

export function inFolder(folder: string, name: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(folder + sep), name]);
}

export async function identityOf(path: Buffer): Promise<string> {
  return asIdentity(await lstat(path, { bigint: true }));
}

function asIdentity({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(':');
}

export function createFolderLook(folder: string, quietMs: number) {
  const known = new Map<string, Candidate>();
  let mount: { device: bigint; isOwn: boolean } | undefined;

  /** Throws SCANNER_FOLDER_LOST, SCANNER_FOLDER_FORBIDDEN. */
  async function list(isSettled: (identity: string) => boolean): Promise<void> {
    let names: Buffer[];
    try {
      await requireMount();
      names = await readdir(folder, { encoding: 'buffer' });
    } catch (error) {
      throw folderError(error, folder);
    }
    const now = performance.now();
    const present = new Set<string>();
    for (const name of names) {
      const key = name.toString('latin1');
      present.add(key);
      const shown = known.get(key)?.shown ?? showName(name);
      const kind = kindOfName(shown);
      if (kind === 'other') continue;
      const stats = await lstat(inFolder(folder, name), { bigint: true }).catch(() => undefined);
      const identity = stats && asIdentity(stats);
      if (identity === undefined || stats?.isDirectory() || isSettled(identity)) {
        known.delete(key);
        continue;
      }
      const before = known.get(key);
      if (before?.identity === identity) continue;
      known.set(key, {
        ...{ name, key, shown, identity, kind },
        isPlain: stats?.isFile() ?? false,
        size: Number(stats?.size ?? 0),
        seenAt: before?.seenAt ?? now,
        changedAt: now,
        hasNoEnd: false,
      });
    }
    for (const key of known.keys()) if (!present.has(key)) known.delete(key);
  }

  /** A mount that went away leaves an empty folder of the same name. */
  async function requireMount(): Promise<void> {
    const [own, above] = await Promise.all([
      stat(folder, { bigint: true }),
      lstat(dirname(folder), { bigint: true }).catch(() => undefined),
    ]);
    const isOwn = own.dev !== above?.dev;
    mount ??= { device: own.dev, isOwn };
    if (mount.isOwn && !isOwn) throw new AppError('SCANNER_FOLDER_LOST', { folder });
  }

  async function next(isSettled: (identity: string) => boolean): Promise<Look> {
    await list(isSettled);
    const locks = await lockedFiles();
    const unready: string[] = [];
    for (const file of [...known.values()].sort(compareNames)) {
      if (file.kind === 'other') continue;
      const now = performance.now();
      if (now - file.changedAt < quietMs) {
        // What follows it by name follows it in the batch, unless it grows and grows.
        if (now - file.seenAt < holdBack * quietMs) return { unready };
        continue;
      }
      const isLate = now - file.changedAt >= patience * quietMs;
      if (!file.isPlain || file.size > maxFileBytes) {
        if (file.kind === 'document')
          return refuse(file, new AppError(file.isPlain ? 'FILE_TOO_LARGE' : 'FILE_NOT_PLAIN'));
        file.kind = 'other';
        continue;
      }
      if (locks.has(file.identity.split(':', 2).join(':'))) {
        if (isLate) unready.push(file.shown);
        continue;
      }
      if (file.hasNoEnd && !isLate) continue;
      const read = await readWhole(file);
      if (read === 'changed') {
        file.changedAt = now;
        continue;
      }
      if (read === 'in-use') {
        if (isLate) unready.push(file.shown);
        continue;
      }
      if (read === 'forbidden') return refuse(file, new AppError('FILE_FORBIDDEN'));
      if (file.kind === 'unnamed' && !findFileKind(read)) {
        // A file of some program, which says nowhere that it is a document.
        file.kind = 'other';
        continue;
      }
      if (!isLate && !hasItsEnd(read)) {
        file.hasNoEnd = true;
        continue;
      }
      if (read.length === 0) return refuse(file, new AppError('FILE_EMPTY'));
      known.delete(file.key);
      return { file, bytes: read };
    }
    return { unready };
  }

  function refuse(file: Candidate, refusal: AppError): Look {
    known.delete(file.key);
    return { file, refusal };
  }

  /** Only a plain file itself, never what a link or a pipe leads to, and only if it stays as it is meanwhile. */
  async function readWhole(file: Candidate): Promise<Uint8Array | 'changed' | 'in-use' | 'forbidden'> {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    try {
      const handle = await open(inFolder(folder, file.name), flags);
      try {
        const isSame = async (): Promise<boolean> => {
          const stats = await handle.stat({ bigint: true });
          return stats.isFile() && asIdentity(stats) === file.identity;
        };
        if (!(await isSame())) return 'changed';
        const bytes = await handle.readFile();
        return bytes.length === file.size && (await isSame()) ? bytes : 'changed';
      } finally {
        await handle.close();
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EACCES' || code === 'EPERM') return 'forbidden';
      return code === 'ENOENT' || code === 'ELOOP' ? 'changed' : 'in-use';
    }
  }

  return { next };
}

/** Files that another program has locked for writing, as `device:inode`; Linux tells, other systems refuse the read. */
async function lockedFiles(): Promise<Set<string>> {
  const text = await readFile('/proc/locks', 'utf8').catch(() => '');
  return new Set(
    [...text.matchAll(/\bWRITE \d+ ([0-9a-f]+):([0-9a-f]+):(\d+)/g)].map(([, major, minor, inode]) => {
      const [high, low] = [BigInt(`0x${major}`), BigInt(`0x${minor}`)];
      // As glibc's makedev puts them together.
      const device =
        ((high & ~0xfffn) << 32n) | ((high & 0xfffn) << 8n) | ((low & ~0xffn) << 12n) | (low & 0xffn);
      return `${device}:${inode}`;
    }),
  );
}

export function folderError(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const isForbidden = code === 'EACCES' || code === 'EPERM';
  return new AppError(
    isForbidden ? 'SCANNER_FOLDER_FORBIDDEN' : 'SCANNER_FOLDER_LOST',
    { folder },
    { cause: error },
  );
}
