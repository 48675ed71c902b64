import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';

/**
 * Waits for a promise at most `timeoutMs`, then throws DEVICE_TIMEOUT (or `code`); an abort throws the signal's reason.
 * The promise itself goes on: its late failure is swallowed, its late value goes to `onLate`, which must release it.
 */
export async function within<T>(
  promise: Promise<T>,
  { signal, timeoutMs }: WaitOptions,
  { code = 'DEVICE_TIMEOUT', step, onLate }: { code?: ErrorCode; step: string; onLate?: (late: T) => void },
): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  let isOver = false;
  const onAbort = () => reject(signal.reason);
  const timer = setTimeout(() => reject(new AppError(code, { step, timeoutMs })), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  promise.then(
    (value) => {
      if (isOver) onLate?.(value);
    },
    () => undefined,
  );
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    isOver = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Waits `ms`; an abort throws the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal.reason);
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
