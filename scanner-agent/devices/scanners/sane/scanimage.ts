/** Runs scanimage (sane-utils): once for a question, or sheet by sheet for a scan. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { AppError } from '#domain/errors/app-error.ts';
import { statusSaid } from './failures.ts';
import type { SaneEnd } from './failures.ts';

export interface ScanimageOptions {
  program: string;
  environment: Record<string, string>;
}

/** Enough for the words of some hundred sheets, which are counted. */
const keptWords = 64_000;
const patienceMs = 2_000;

/** Output of a call that scans nothing. Throws DRIVER_MISSING without the program, DEVICE_TIMEOUT, DEVICE_FAULT. */
export async function askScanimage(
  { program, environment }: ScanimageOptions,
  args: readonly string[],
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<{ stdout: string; end: SaneEnd }> {
  const running = startScanimage({ program, environment }, args, '/');
  running.endInput();
  const timer = setTimeout(() => running.stop('SIGKILL'), timeoutMs);
  const onAbort = (): void => running.stop('SIGKILL');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    let stdout = '';
    for await (const line of running.lines) stdout += `${line}\n`;
    const end = await running.ended;
    if (signal.aborted) throw signal.reason as Error;
    if (end.status === undefined) throw new AppError('DEVICE_TIMEOUT', { program: 'scanimage' });
    return { stdout, end };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

export interface RunningScanimage {
  /** Lines of standard output: with --batch-print the name of each whole sheet. */
  lines: AsyncIterable<string>;
  /** Rejects with DRIVER_MISSING where the program is not installed. */
  ended: Promise<SaneEnd>;
  /** Lets it take one more sheet (with --batch-prompt it waits before each). */
  allowSheet(): void;
  /** It ends in good order after the sheet under way. */
  endInput(): void;
  stop(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Ends it: politely, so that the scanner lets go of the paper, then without asking. */
  close(): Promise<void>;
}

export function startScanimage(
  { program, environment }: ScanimageOptions,
  args: readonly string[],
  folder: string,
): RunningScanimage {
  const child = spawn(program, args, {
    cwd: folder,
    // The words that are understood are the English ones.
    env: { ...environment, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  let said: number | undefined;
  let leaving: NodeJS.Timeout | undefined;
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr = (stderr + part).slice(-keptWords);
    said ??= statusSaid(stderr);
    // Some backends hang while they are closed: the work is done, and its outcome has been said.
    if (said !== undefined) leaving ??= setTimeout(() => child.kill('SIGKILL'), patienceMs);
  });
  // It may end before its last permission is written.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<SaneEnd>((resolve, reject) => {
    child.once('error', (error) => reject(new AppError('DRIVER_MISSING', { program }, { cause: error })));
    child.once('close', (status, signal) => {
      clearTimeout(leaving);
      // A broken pipe while it leaves makes it end with 0, whatever the scan came to: its words stand.
      resolve({ status: status || (said ?? status ?? undefined), signal: signal ?? undefined, stderr });
    });
  });
  // Awaited by whoever reads the lines; a start that fails has none.
  ended.catch(() => undefined);

  return {
    lines: createInterface({ input: child.stdout }),
    ended,
    allowSheet: () => child.stdin.write('\n'),
    endInput: () => child.stdin.end(),
    stop: (signal) => child.kill(signal),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = once(child, 'close');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await gone;
      clearTimeout(timer);
    },
  };
}
