/**
 * Work on a stranger's file, in a process that may be ended. A thread is not enough: its limits leave out buffers, and a
 * fault in it is the whole program's. The child has a limit of time for each job, a limited heap and a limited address
 * space, none of the program's environment, and is replaced when it dies.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface ChildJobsOptions {
  /** The child's main file; it calls `serveJobs`. */
  file: URL;
  /** Of the JavaScript heap. */
  heapMb: number;
  /** Of everything, where the system can limit it. Some 2,000 are reserved before a job begins, 12,300 with WebAssembly. */
  addressMb: number;
  /** Jobs that may wait while one runs; more are refused at once. */
  maxWaiting?: number;
}

export interface ChildJobs<Job> {
  /**
   * Rejects with ChildLost, ChildBusy, or an Error with the child's own message. `limitMs` begins when the job does, and
   * is of the processor's time where the system tells it: a busy machine is no fault of the file's. By the clock a job
   * has five times as long.
   */
  run<Result>(job: Job, options: { limitMs: number }): Promise<Result>;
  /** Starts the child, so that the first job finds it warm. */
  warm(): void;
  close(): Promise<void>;
  status(): { pid: number | undefined; starts: number; isReady: boolean };
}

/** The job took too long, or the child died over it: of memory, of a fault in a library. */
export class ChildLost extends Error {
  readonly reason: 'time' | 'death';
  constructor(reason: 'time' | 'death', detail: string) {
    super(`the child was lost: ${detail}`);
    this.reason = reason;
  }
}
export class ChildBusy extends Error {}

interface Waiting {
  job: unknown;
  limitMs: number;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}
interface Running {
  waiting: Waiting;
  timer: NodeJS.Timeout | undefined;
}
type FromChild = { kind: 'ready' } | { kind: 'done'; result: unknown } | { kind: 'failed'; text: string };

const startLimitMs = 60_000;

export function createChildJobs<Job>(options: ChildJobsOptions): ChildJobs<Job> {
  const { maxWaiting = 32 } = options;
  const queue: Waiting[] = [];
  let child: { process: ChildProcess; isReady: boolean } | undefined;
  let current: Running | undefined;
  let starts = 0;
  let isClosed = false;

  function start(): void {
    if (child || isClosed) return;
    const own = { process: startLimited(options), isReady: false };
    child = own;
    starts++;
    const timer = setTimeout(() => own.process.kill('SIGKILL'), startLimitMs);
    const lost = (detail: string): void => {
      clearTimeout(timer);
      if (child !== own) return;
      child = undefined;
      settle(({ reject }) => reject(new ChildLost('death', detail)));
      next();
    };
    own.process.on('error', (error) => lost(error.message));
    own.process.on('exit', (code, signal) => lost(signal ?? `exit ${String(code)}`));
    own.process.on('message', (message: FromChild) => {
      if (child !== own) return;
      if (message.kind === 'ready') {
        clearTimeout(timer);
        own.isReady = true;
      } else
        settle(({ resolve, reject }) =>
          message.kind === 'done' ? resolve(message.result) : reject(new Error(message.text)),
        );
      next();
    });
  }

  function settle(end: (waiting: Waiting) => void): void {
    if (!current) return;
    clearTimeout(current.timer);
    const { waiting } = current;
    current = undefined;
    end(waiting);
  }

  /** A job that the child dies over is not tried again here: the caller knows whether that makes sense. */
  function next(): void {
    if (current || queue.length === 0 || isClosed) return;
    start();
    if (!child?.isReady) return;
    const waiting = queue.shift();
    if (!waiting) return;
    const { process: running } = child;
    const { limitMs } = waiting;
    const own: Running = { waiting, timer: undefined };
    current = own;
    const startedAt = performance.now();
    const before = processorMs(running.pid) ?? 0;
    const look = (): void => {
      const used = (processorMs(running.pid) ?? before + limitMs) - before;
      if (used < limitMs && performance.now() - startedAt < clockFactor * limitMs) {
        own.timer = setTimeout(look, Math.max(limitMs - used, 50));
        return;
      }
      child = undefined;
      running.kill('SIGKILL');
      settle(({ reject }) => reject(new ChildLost('time', `${limitMs} ms are over`)));
      start();
      next();
    };
    own.timer = setTimeout(look, limitMs);
    running.send({ job: waiting.job }, (error) => {
      if (error) running.kill('SIGKILL'); // its exit tells the caller
    });
  }

  return {
    run: <Result>(job: Job, { limitMs }: { limitMs: number }) =>
      new Promise<Result>((resolve, reject) => {
        if (isClosed) return reject(new ChildLost('death', 'closed'));
        if (queue.length >= maxWaiting) return reject(new ChildBusy(`${queue.length} jobs wait already`));
        // what the child answers to this job is what its caller says it is
        queue.push({ job, limitMs, resolve: (result) => resolve(result as Result), reject });
        next();
      }),
    warm: start,
    close: async () => {
      isClosed = true;
      const last = child?.process;
      child = undefined;
      settle(({ reject }) => reject(new ChildLost('death', 'closed')));
      for (const { reject } of queue.splice(0)) reject(new ChildLost('death', 'closed'));
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      await new Promise<void>((resolve) => {
        last.once('exit', () => resolve());
        last.kill('SIGKILL');
      });
    },
    status: () => ({ pid: child?.process.pid, starts, isReady: child?.isReady ?? false }),
  };
}

const clockFactor = 5;

/** What a process has used of the processors; undefined where the system does not tell. */
function processorMs(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    // proc(5): utime and stime, in hundredths of a second, are the 14th and 15th; the 2nd may hold spaces
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    // it has just ended, which its exit tells
    return undefined;
  }
}

/** A shell sets the limit and becomes the child; where it cannot (macOS), the limit of the heap remains. */
function startLimited({ file, heapMb, addressMb }: ChildJobsOptions): ChildProcess {
  const command = [process.execPath, `--max-old-space-size=${heapMb}`, fileURLToPath(file)];
  const { PATH = '', SystemRoot, TEMP } = process.env;
  const given = {
    env: { PATH, ...(SystemRoot ? { SystemRoot } : {}), ...(TEMP ? { TEMP } : {}) },
    serialization: 'advanced' as const,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'] as ['ignore', 'ignore', 'ignore', 'ipc'],
  };
  if (process.platform === 'win32') return spawn(process.execPath, command.slice(1), given);
  const limit = 'ulimit -c 0; ulimit -v "$0" 2>/dev/null; exec "$@"';
  return spawn('/bin/sh', ['-c', limit, String(addressMb * 1024), ...command], given);
}
