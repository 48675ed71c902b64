import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { AppError } from '#domain/errors/app-error.ts';
import type {
  HostAnswer,
  HostChangePinRequest,
  HostFailure,
  HostQuestion,
  HostSignRequest,
  HostToken,
} from './messages.ts';

export interface Patience {
  /** The caller's: rejects with its reason. */
  signal: AbortSignal;
  /** The time limit: rejects with DEVICE_TIMEOUT and ends the process, since nothing else stops a native call. */
  deadline: AbortSignal;
}

/** One vendor library in a process of its own, started at the first call and again after every crash. */
export interface LibraryProcess {
  list(patience: Patience): Promise<HostToken[]>;
  sign(request: HostSignRequest, patience: Patience): Promise<Uint8Array[]>;
  changePin(request: HostChangePinRequest, patience: Patience): Promise<void>;
  close(): Promise<void>;
}

export function createLibraryProcess({
  driver,
  hostFile,
  hostArguments,
  environment,
  toAppError,
}: {
  driver: string;
  /** The child's main file; it calls serveLibrary. */
  hostFile: string;
  hostArguments: readonly string[];
  toAppError: (failure: HostFailure, driver: string) => AppError;
  /** The whole environment of the process: it inherits nothing. */
  environment: Readonly<Record<string, string>>;
}): LibraryProcess {
  let child: ChildProcess | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let lastId = 0;

  function start(): ChildProcess {
    const started = fork(hostFile, hostArguments, {
      env: environment,
      execArgv: [],
      serialization: 'advanced',
      // vendor libraries print whatever they like, PINs included
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.once('exit', () => {
      if (child === started) child = undefined;
    });
    return started;
  }

  function end(): void {
    child?.kill('SIGKILL');
    child = undefined;
  }

  /** Calls run one after the other: most vendor libraries are not safe to call twice at a time. */
  function ask<Value>(question: HostQuestion, patience: Patience): Promise<Value> {
    const turn = tail.then(() => exchange<Value>(question, patience));
    tail = turn.catch(() => undefined);
    return turn;
  }

  function exchange<Value>(question: HostQuestion, { signal, deadline }: Patience): Promise<Value> {
    signal.throwIfAborted();
    if (deadline.aborted) throw new AppError('DEVICE_TIMEOUT', { driver });
    const asked = (child ??= start());
    const id = ++lastId;
    return new Promise<Value>((resolve, reject) => {
      const settle = (finish: () => void): void => {
        asked.off('message', onMessage).off('exit', onExit).off('error', onExit);
        signal.removeEventListener('abort', onAbort);
        deadline.removeEventListener('abort', onDeadline);
        finish();
      };
      const onMessage = (message: unknown): void => {
        const answer = message as HostAnswer; // only serve-library.ts speaks on this channel
        if (answer.id !== id) return; // the late answer of a call that was given up
        settle(() =>
          answer.ok ? resolve(answer.value as Value) : reject(toAppError(answer.failure, driver)),
        );
      };
      const onExit = (): void => {
        end();
        settle(() => reject(new AppError('DEVICE_FAULT', { driver, reason: 'driver-crashed' })));
      };
      const onAbort = (): void => {
        // what nobody waits for must not be signed or changed; a list does no harm
        if (question.method !== 'list') end();
        settle(() => reject(signal.reason as Error));
      };
      const onDeadline = (): void => {
        end();
        settle(() => reject(new AppError('DEVICE_TIMEOUT', { driver })));
      };
      asked.on('message', onMessage).on('exit', onExit).on('error', onExit);
      signal.addEventListener('abort', onAbort);
      deadline.addEventListener('abort', onDeadline);
      asked.send({ id, ...question });
    });
  }

  return {
    list: (patience) => ask({ method: 'list' }, patience),
    sign: (request, patience) => ask({ method: 'sign', request }, patience),
    changePin: (request, patience) => ask({ method: 'changePin', request }, patience),
    async close() {
      const closing = child;
      if (!closing) return;
      const gone = new Promise((resolve) => closing.once('exit', resolve));
      end();
      await gone;
    },
  };
}
