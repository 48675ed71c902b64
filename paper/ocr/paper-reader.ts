/** The agent's paper reader: a client of the child process that owns imaging and recognition. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError } from '#domain/errors/app-error.ts';
import type {
  FrameHint,
  OpenedPage,
  PageAnswers,
  PageReading,
  PaperReader,
  StraightPage,
  WaitOptions,
} from '../ports/paper-reader.ts';
import type { FromHost, HostJob, HostSettings, ToHost } from './host/protocol.ts';

export interface PaperReaderOptions {
  /** Folder with manifest.json and the files it names. */
  modelFolder: string;
  /** Folder with page-finder.json; the built-in one if left out, whatever pack reads. */
  finderFolder?: string;
  /** A pack of the manifest; its default if left out. */
  packId?: string;
  /** Threads of one recognition; two where there are two cores, as networks that wait do not spin. */
  threads?: number;
  /** Pages after which an idle child is replaced: vendor memory that creeps never adds up over weeks. */
  recycleAfterPages?: number;
  /** Told about bugs and crashes in the child; texts hold no page content. */
  onError?: (text: string) => void;
}

export interface PaperReaderStatus {
  /** Undefined while no child runs. */
  pid: number | undefined;
  pagesSeen: number;
  restarts: number;
}

export type ManagedPaperReader = PaperReader & { status(): PaperReaderStatus };

/** A child that leaves a cancelled job unanswered for this long hangs; it is killed and replaced. */
const hangLimitMs = 60_000;
const stopLimitMs = 5_000;

const builtInFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));

interface Waiting {
  settle(outcome: { result: unknown } | { error: unknown }): void;
  onPage?: (page: StraightPage, total: number) => void;
  onReading?: (reading: PageReading | undefined) => void;
}

interface Host {
  child: ChildProcess;
  waiting: Map<number, Waiting>;
  /** Timers of jobs that were given up but are still running in the child. */
  abandoned: Map<number, NodeJS.Timeout>;
  pages: number;
}

export function createPaperReader(options: PaperReaderOptions): ManagedPaperReader {
  const settings: HostSettings = {
    modelFolder: options.modelFolder,
    finderFolder: options.finderFolder ?? builtInFolder,
    threads: options.threads ?? Math.min(2, availableParallelism()),
    ...(options.packId === undefined ? {} : { packId: options.packId }),
  };
  const recycleAfter = options.recycleAfterPages ?? 600;
  let host: Host | undefined;
  let nextId = 1;
  let starts = 0;
  let pagesSeen = 0;
  let isClosed = false;

  function start(): Host {
    starts += 1;
    const child = fork(
      fileURLToPath(new URL('./host/main.ts', import.meta.url)),
      [JSON.stringify(settings)],
      {
        serialization: 'advanced',
        // The agent's own flags (inspector, loaders of a test runner) are not the child's.
        execArgv: [],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    const fresh: Host = { child, waiting: new Map(), abandoned: new Map(), pages: 0 };
    child.on('message', (message: FromHost) => receive(fresh, message));
    const lost = (reason: string): void => {
      if (host === fresh) host = undefined;
      for (const timer of fresh.abandoned.values()) clearTimeout(timer);
      if (fresh.waiting.size > 0) options.onError?.(`reader process lost: ${reason}`);
      for (const waiting of fresh.waiting.values())
        waiting.settle({ error: new AppError('READER_FAILED', { reason }) });
      fresh.waiting.clear();
    };
    child.on('error', (error) => lost(error.message));
    child.on('exit', (code, signal) => lost(signal ?? `exit ${String(code)}`));
    return fresh;
  }

  function receive(from: Host, message: FromHost): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'trouble') {
      options.onError?.(message.text);
      return;
    }
    const waiting = from.waiting.get(message.id);
    if (message.kind === 'page') {
      from.pages += 1;
      pagesSeen += 1;
      waiting?.onPage?.(message.page, message.total);
      return;
    }
    if (message.kind === 'reading') {
      waiting?.onReading?.(message.reading);
      return;
    }
    clearTimeout(from.abandoned.get(message.id));
    from.abandoned.delete(message.id);
    from.waiting.delete(message.id);
    if (message.kind === 'done') {
      waiting?.settle({ result: message.result });
    } else {
      if (!message.code && waiting) options.onError?.(message.text);
      const error = message.code
        ? new AppError(message.code, message.details)
        : // The child lives on: nothing was restarted.
          new AppError('READER_FAULT', {}, { cause: new Error(message.text) });
      waiting?.settle({ error });
    }
    recycle(from);
  }

  /** Replaces a child that has seen many pages, but only between jobs. */
  function recycle(worn: Host): void {
    if (worn.pages < recycleAfter || worn.waiting.size > 0 || worn.abandoned.size > 0) return;
    if (host === worn) host = undefined;
    void stop(worn);
  }

  function ask<Result>(
    job: HostJob,
    wait: WaitOptions,
    events: Pick<Waiting, 'onPage' | 'onReading'> = {},
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (isClosed) return reject(new AppError('READER_FAILED', { reason: 'closed' }));
      if (wait.signal.aborted) return reject(wait.signal.reason as Error);
      host ??= start();
      const own = host;
      const id = nextId;
      nextId += 1;
      const settle: Waiting['settle'] = (outcome) => {
        clearTimeout(timer);
        wait.signal.removeEventListener('abort', onAbort);
        // An aborting caller may give any reason; it gets back what it gave.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.result as Result);
      };
      const giveUp = (error: unknown): void => {
        own.waiting.delete(id);
        // Never killed in the middle of a run for one caller's impatience: others may be waiting for it too.
        own.abandoned.set(id, setTimeout(() => own.child.kill('SIGKILL'), hangLimitMs).unref());
        post(own, { kind: 'cancel', id });
        settle({ error });
      };
      const onAbort = (): void => giveUp(wait.signal.reason);
      const timer = setTimeout(
        () => giveUp(new AppError('DEVICE_TIMEOUT', { job: job.kind })),
        wait.timeoutMs,
      );
      wait.signal.addEventListener('abort', onAbort, { once: true });
      own.waiting.set(id, { settle, ...events });
      post(own, { kind: 'job', id, job });
    });
  }

  /** A child that has just died reports by its exit event; the failed send says nothing more. */
  function post({ child }: Host, message: ToHost): void {
    if (child.connected) child.send(message, () => undefined);
  }

  function stop({ child }: Host): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      if (child.connected) child.send({ kind: 'stop' } satisfies ToHost, () => undefined);
      else child.kill('SIGKILL');
    });
  }

  return {
    openDocument: async (
      bytes,
      { paperSizes, corners, scannedAtDpi, reads = [], codePages, onPage, onRead, ...wait },
    ) => {
      const pages: OpenedPage[] = [];
      let expected = 0;
      let read = 0;
      const job: HostJob = {
        kind: 'open',
        bytes,
        reads,
        ...(codePages === undefined ? {} : { codePages }),
        ...(paperSizes ? { paperSizes } : {}),
        ...(corners ? { corners } : {}),
        ...(scannedAtDpi ? { scannedAtDpi } : {}),
      };
      await ask<undefined>(job, wait, {
        onPage: (page, total) => {
          pages.push(page);
          expected = total;
          onPage?.(pages.length, total);
        },
        onReading: (reading) => {
          const last = pages.at(-1);
          if (last && reading) last.reading = reading;
          read += 1;
          onRead?.(read, expected);
        },
      });
      return pages;
    },
    readPage: (jpeg, { reads = ['lines'], ...wait }) => ask<PageReading>({ kind: 'read', jpeg, reads }, wait),
    examinePage: (jpeg, questions, wait) => ask<PageAnswers>({ kind: 'examine', jpeg, questions }, wait),
    lookAtFrame: (jpeg, wait) => ask<FrameHint>({ kind: 'hint', jpeg }, wait),
    describeModels: (wait) => ask({ kind: 'describe' }, wait),
    status: () => ({ pid: host?.child.pid, pagesSeen, restarts: Math.max(0, starts - 1) }),
    close: async () => {
      isClosed = true;
      const last = host;
      host = undefined;
      if (!last) return;
      await stop(last);
    },
  };
}
