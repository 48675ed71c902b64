/** A worker thread that answers numbered jobs; replaced when it dies or hangs, so one bad picture costs one job. */
import { Worker } from 'node:worker_threads';
import type { TransferListItem } from 'node:worker_threads';

export interface JobThread<Job> {
  /** Rejects with the thread's own message, or when the thread dies or exceeds `limitMs`. */
  run<Result>(job: Job, options: { limitMs: number; transfer?: TransferListItem[] }): Promise<Result>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  job: unknown;
  limitMs: number;
  transfer: TransferListItem[];
}

/** `workerData` goes to each thread that is started. Jobs run one after the other; the next is posted when the last has answered, so a kill harms only the job at fault. */
export function createJobThread<Job>(file: URL, workerData?: unknown): JobThread<Job> {
  let worker: Worker | undefined;
  let current: { id: number; waiting: Waiting; timer: NodeJS.Timeout } | undefined;
  let nextId = 1;
  let isClosed = false;
  const queue: Waiting[] = [];

  function start(): Worker {
    const fresh = new Worker(file, { execArgv: [], workerData });
    fresh.on('message', ({ id, result, failure }: { id: number; result?: unknown; failure?: string }) => {
      if (current?.id !== id) return;
      const { waiting } = finish();
      if (failure === undefined) waiting.resolve(result);
      else waiting.reject(new Error(failure));
      next();
    });
    const lost = (reason: string): void => {
      if (worker !== fresh) return;
      worker = undefined;
      if (current) finish().waiting.reject(new Error(reason));
      next();
    };
    fresh.on('error', (error: Error) => lost(error.message));
    fresh.on('exit', () => lost('thread ended'));
    return fresh;
  }

  function finish(): { waiting: Waiting } {
    const done = current as NonNullable<typeof current>;
    clearTimeout(done.timer);
    current = undefined;
    return done;
  }

  function next(): void {
    if (current || isClosed) return;
    const waiting = queue.shift();
    if (!waiting) return;
    worker ??= start();
    const id = nextId;
    nextId += 1;
    const running = worker;
    const timer = setTimeout(() => {
      worker = undefined;
      finish().waiting.reject(new Error('thread took too long'));
      void running.terminate();
      next();
    }, waiting.limitMs);
    current = { id, waiting, timer };
    running.postMessage({ id, job: waiting.job }, waiting.transfer);
  }

  return {
    run: <Result>(job: Job, { limitMs, transfer = [] }: { limitMs: number; transfer?: TransferListItem[] }) =>
      new Promise<Result>((resolve, reject) => {
        queue.push({ resolve: resolve, reject, job, limitMs, transfer });
        next();
      }),
    close: async () => {
      isClosed = true;
      const last = worker;
      worker = undefined;
      if (current) finish().waiting.reject(new Error('thread closed'));
      for (const waiting of queue.splice(0)) waiting.reject(new Error('thread closed'));
      await last?.terminate();
    },
  };
}
