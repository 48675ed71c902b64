/** What the batch commands share: a file's bytes, progress on the terminal, results as JSON. */
import { readFile, stat } from 'node:fs/promises';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { writePrivateFile } from '#config/private-files.ts';
import { maxFileBytes } from '#paper/imaging/files/pages-of-file.ts';
import { asOutputFault } from './output.ts';

/**
 * A plain file of a size that the station opens. Throws FILE_MISSING, FILE_IS_FOLDER, FILE_NOT_PLAIN (a pipe or a device may
 * never end), FILE_EMPTY, FILE_TOO_LARGE, FILE_FORBIDDEN.
 */
export async function readInput(file: string): Promise<Uint8Array> {
  try {
    const facts = await stat(file);
    if (facts.isDirectory()) throw new AppError('FILE_IS_FOLDER', { file });
    if (!facts.isFile()) throw new AppError('FILE_NOT_PLAIN', { file });
    if (facts.size > maxFileBytes) throw new AppError('FILE_TOO_LARGE', { file });
    if (facts.size === 0) throw new AppError('FILE_EMPTY', { file });
    return await readFile(file);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isForbidden = code === 'EACCES' || code === 'EPERM';
    throw new AppError(isForbidden ? 'FILE_FORBIDDEN' : 'FILE_MISSING', { file }, { cause: error });
  }
}

/** What was read on documents is for whoever asked: mode 0600. Throws OUTPUT_UNWRITABLE. */
export function writeOutput(file: string, result: unknown): void {
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  try {
    if (file === '-') process.stdout.write(text);
    else writePrivateFile(file, text);
  } catch (error) {
    throw asOutputFault(error, file);
  }
}

/** A bar on a terminal; nothing where the output is not one. */
export function createProgress(total: number): { step: (label: string) => void; end: () => void } {
  const width = 30;
  let done = 0;
  const draw = (label: string): void => {
    if (!process.stderr.isTTY) return;
    const filled = total === 0 ? width : Math.round((done / total) * width);
    process.stderr.write(
      `\r\u001b[2K[${'█'.repeat(filled)}${'░'.repeat(width - filled)}] ${done}/${total} ${label}`,
    );
  };
  return {
    step(label) {
      draw(label);
      done++;
    },
    end() {
      draw('完成');
      if (process.stderr.isTTY) process.stderr.write('\n');
    },
  };
}

/** One file's failure, told at once and put into the results: it stops none of the others. */
export function asFailure(error: unknown, file: string): WireError {
  const wire = toWireError(error, file);
  const { message, action } = wire;
  const cause = error instanceof AppError || !(error instanceof Error) ? '' : `（${error.message}）`;
  process.stderr.write(`${file}：${message}${cause}。${action}。\n`);
  return wire;
}

/** The chosen model pack does not hold; the built-in one reads instead. */
export function warnOfPack({ packId, reason }: { packId: string; reason: string }): void {
  process.stderr.write(`外部模型包 ${packId} 未使用：${reason}。改用内置模型包。\n`);
}
