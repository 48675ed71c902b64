/** What every link does alike: one listener, one loss, waits with limits, and fetching where a device is asked for data. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ByteLink } from './byte-link.ts';
import { within } from './wait.ts';

/** One device's own ways. `closing` is aborted when the link is closed. */
export interface DeviceEnd {
  kind: ByteLink['kind'];
  path: string;
  /** Sends all bytes. Throws AppError, DEVICE_LOST where the device is gone. */
  send(bytes: Uint8Array, closing: AbortSignal): Promise<void>;
  /**
   * For devices that do not push: the next bytes, or undefined when there were none for a moment. Called again and again
   * for `forMs` after a request; an idle device is left alone, so that closing never waits for it. Throws when it is gone.
   */
  fetch?: { next: (closing: AbortSignal) => Promise<Uint8Array | undefined>; forMs: number };
  release(): Promise<void>;
}

export interface DeviceLine {
  link: ByteLink;
  /** Hands on what the device pushed. */
  take: (bytes: Uint8Array) => void;
  /** Tells the loss, once, and never after the link was closed. */
  lose: () => void;
}

export function createDeviceLine(device: DeviceEnd): DeviceLine {
  const { kind, path } = device;
  const closing = new AbortController();
  let listener: (bytes: Uint8Array) => void = () => undefined;
  let lostListener: () => void = () => undefined;
  let isLost = false;
  let isFetching = false;
  let fetchUntil = 0;
  const isOver = (): boolean => isLost || closing.signal.aborted;

  function take(bytes: Uint8Array): void {
    if (!isOver()) listener(bytes);
  }

  function lose(): void {
    if (isOver()) return;
    isLost = true;
    lostListener();
  }

  async function fetchWhileExpected({ next, forMs }: NonNullable<DeviceEnd['fetch']>): Promise<void> {
    fetchUntil = performance.now() + forMs;
    if (isFetching) return;
    isFetching = true;
    try {
      while (!isOver() && performance.now() < fetchUntil) {
        const bytes = await next(closing.signal);
        if (bytes) take(bytes);
      }
    } catch {
      lose();
    } finally {
      isFetching = false;
    }
  }

  async function send(bytes: Uint8Array): Promise<void> {
    try {
      await device.send(bytes, closing.signal);
    } catch (error) {
      if (error instanceof AppError && error.code === 'DEVICE_LOST') lose();
      throw error;
    }
  }

  const link: ByteLink = {
    kind,
    path,
    async write(bytes, wait) {
      if (isOver()) throw new AppError('DEVICE_LOST', { step: 'write' });
      await within(send(bytes), wait, { step: 'write' });
      if (device.fetch) void fetchWhileExpected(device.fetch);
    },
    onData(next) {
      listener = next;
    },
    onLost(next) {
      lostListener = next;
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await device.release().catch(() => undefined);
    },
  };
  return { link, take, lose };
}
