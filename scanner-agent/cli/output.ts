/** Where a command writes: looked at before the work, since hours of reading must not end in a file that cannot be written. */
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  statSync,
  statfsSync,
  unlinkSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';

/** Less than any result takes. */
const minBytes = 64 * 1024;

/** `-` is standard output. Throws OUTPUT_UNWRITABLE with what is in the way, before anything is written. */
export function checkOutput(file: string, inputs: readonly string[] = []): void {
  if (file === '-') return;
  const path = resolve(file);
  const refuse = (problem: string, cause?: unknown): never => {
    throw new AppError('OUTPUT_UNWRITABLE', { file, problem }, { cause });
  };
  if (file === '' || /[/\\]$/.test(file)) refuse('这是文件夹');
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) refuse('这是文件夹');
  if (there && inputs.some((input) => isSame(input, path))) refuse('它是要读取的文件，写入会毁掉它');
  const folder = dirname(path);
  try {
    if (!statSync(folder).isDirectory()) refuse('上级不是文件夹');
    if (there) {
      accessSync(path, constants.W_OK);
      closeSync(openSync(path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0)));
    } else {
      closeSync(openSync(path, 'wx', 0o600));
      unlinkSync(path);
    }
    const { bavail, bsize } = statfsSync(folder);
    if (there?.isFile() !== false && bavail * bsize < minBytes) refuse('磁盘已满');
  } catch (error) {
    if (error instanceof AppError) throw error;
    refuse(problemOf(error), error);
  }
}

/** The same for what goes wrong while it is written. */
export function asOutputFault(error: unknown, file: string): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  return isOfSystem
    ? new AppError('OUTPUT_UNWRITABLE', { file, problem: problemOf(error) }, { cause: error })
    : error;
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return problems[code] ?? `系统报告 ${code || String(error)}`;
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: '上级文件夹不存在',
  ENOTDIR: '上级不是文件夹',
  EISDIR: '这是文件夹',
  EACCES: '没有写入权限',
  EPERM: '没有写入权限',
  EROFS: '磁盘是只读的',
  ENOSPC: '磁盘已满',
  EDQUOT: '磁盘配额已用完',
  ENAMETOOLONG: '文件名太长',
  ELOOP: '链接绕成了圈',
  ENXIO: '管道的另一端没有程序在读',
  EINVAL: '文件名不合规定',
  ERR_INVALID_ARG_VALUE: '文件名不合规定',
};

function isSame(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}
