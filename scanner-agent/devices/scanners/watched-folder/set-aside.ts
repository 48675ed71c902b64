/** Moves files that are done with out of a watched folder. Never over another file, never a file that took its place. */
import { lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppError } from '#domain/errors/app-error.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import { reasonNameOf, showName, variantOf } from './names.ts';
import { identityOf, inFolder } from './folder-look.ts';
import type { FoundFile } from './folder-look.ts';

export type Moved =
  | { to: string }
  /** Removed or replaced meanwhile: nothing is left to move. */
  | { gone: true }
  /** The folder takes no changes. */
  | { failed: unknown };

export async function moveAside(
  folder: string,
  into: string,
  file: FoundFile,
  refusal?: AppError,
): Promise<Moved> {
  const from = inFolder(folder, file.name);
  const target = join(folder, into);
  try {
    const now = await identityOf(from);
    if (now !== file.identity) return { gone: true };
    await ownFolder(target);
    const { name, path } = await takeName(target, file.name);
    try {
      await rename(from, path);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    if ((await identityOf(path)) !== file.identity) {
      // Another file took the place between the look and the move: it goes back and is a document of its own.
      const back = await takeName(folder, file.name);
      await rename(path, back.path);
      return { gone: true };
    }
    if (refusal) await writeReason(target, showName(name), refusal).catch(() => undefined);
    return { to: `${into}/${showName(name)}` };
  } catch (error) {
    return isGone(error) ? { gone: true } : { failed: error };
  }
}

/** A link in its place would lead the files out of the watched folder. */
async function ownFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is no folder`);
}

/** Takes a free name by creating it, so that nobody else can. */
async function takeName(folder: string, wanted: Buffer): Promise<{ name: Buffer; path: Buffer }> {
  for (let count = 1; ; count += 1) {
    const name = variantOf(wanted, count);
    const path = inFolder(folder, name);
    try {
      await (await open(path, 'wx')).close();
      return { name, path };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

async function writeReason(folder: string, shown: string, { code, details }: AppError): Promise<void> {
  const { message, action } = tellFailure(code, details);
  const text = `\ufeff${shown}\r\n${message}。\r\n${action}。\r\n`;
  await writeFile(join(folder, reasonNameOf(shown)), text, { flag: 'wx' });
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
