/** What the batch commands share: a file's bytes, progress on the terminal, results as JSON. */
import { readFile } from 'node:fs/promises';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { writePrivateFile } from '#config/private-files.ts';

/** Throws FILE_MISSING. */
export async function readInput(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new AppError('FILE_MISSING', { file }, { cause: error });
  }
}

/** What was read on certificates is for whoever asked: mode 0600. */
export function writeOutput(file: string, result: unknown): void {
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  if (file === '-') process.stdout.write(text);
  else writePrivateFile(file, text);
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

export function asFailure(error: unknown, file: string): WireError {
  if (!(error instanceof AppError)) throw error;
  return toWireError(error, file);
}

/** The chosen model pack does not hold; the built-in one reads instead. */
export function warnOfPack({ packId, reason }: { packId: string; reason: string }): void {
  process.stderr.write(`外部模型包 ${packId} 未使用：${reason}。改用内置模型包。\n`);
}
