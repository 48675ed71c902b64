import { AppError } from '#domain/errors/app-error.ts';
import type { UsbCardReaderDriver } from '#domain/catalogue/drivers.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import type { ByteLink } from './byte-link.ts';
import { createDeviceLine } from './device-line.ts';
import { pause, within } from './wait.ts';

/** What the link needs of a WebUSB device; the `usb` package's devices fit. */
export interface UsbBulkDevice {
  readonly opened: boolean;
  readonly configuration?: {
    interfaces: readonly {
      interfaceNumber: number;
      alternate: { endpoints: readonly { endpointNumber: number; direction: 'in' | 'out'; type: string }[] };
    }[];
  };
  open(): Promise<void>;
  close(): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  transferIn(
    endpoint: number,
    length: number,
    timeoutMs?: number,
  ): Promise<{ data?: DataView; status?: string }>;
  transferOut(
    endpoint: number,
    data: Uint8Array<ArrayBuffer>,
    timeoutMs?: number,
  ): Promise<{ status?: string }>;
}

export interface UsbBulkOptions {
  path: string;
  device: UsbBulkDevice;
  driver: Pick<UsbCardReaderDriver, 'interfaceNumber' | 'pipes'>;
  /** True while the device is still plugged in; tells a transfer's timeout from a loss, which look alike. */
  isPresent: () => Promise<boolean>;
  /** Longest single wait for data; a read of a card takes up to 5 s on some modules. */
  transferMs?: number;
}

const receiveLength = 4096;
/** Header and length of a frame: what travels on the first of two pipes. */
const headLength = 7;
const failurePauseMs = 50;

/**
 * Throws DEVICE_LOST, DEVICE_BUSY (held by another program), DEVICE_FORBIDDEN (no permission), DEVICE_FAULT (the interface
 * has not the pipes of the table).
 */
export async function openUsbBulkLink(options: UsbBulkOptions, wait: WaitOptions): Promise<ByteLink> {
  const { device, driver, isPresent } = options;
  const claiming = (async () => {
    if (!device.opened) await device.open();
    await device.claimInterface(driver.interfaceNumber);
  })();
  try {
    await within(claiming, wait, { step: 'open', onLate: () => void device.close().catch(() => undefined) });
  } catch (error) {
    if (error instanceof AppError || wait.signal.aborted) throw error;
    if (!(await isPresent())) throw new AppError('DEVICE_LOST', { step: 'open' }, { cause: error });
    // The package has no codes, only the system's words.
    const isForbidden = /permission denied|access denied/i.test(String(error));
    const code = isForbidden ? 'DEVICE_FORBIDDEN' : 'DEVICE_BUSY';
    throw new AppError(code, { step: 'open' }, { cause: error });
  }
  const pipes = pipesOf(device, driver);
  if (!pipes) {
    await device.close().catch(() => undefined);
    throw new AppError('DEVICE_FAULT', { step: 'open', reason: 'no-bulk-pipes' });
  }
  return createUsbBulkLink(options, pipes);
}

interface Pipes {
  out: (bytes: Uint8Array<ArrayBuffer>) => { endpoint: number; bytes: Uint8Array<ArrayBuffer> }[];
  /** Endpoints read one after the other. */
  in: readonly number[];
}

function pipesOf(device: UsbBulkDevice, driver: UsbBulkOptions['driver']): Pipes | undefined {
  const { pipes } = driver;
  if (pipes.kind === 'split') {
    return {
      out: (bytes) => [
        { endpoint: pipes.headOut, bytes: bytes.slice(0, headLength) },
        { endpoint: pipes.restOut, bytes: bytes.slice(headLength) },
      ],
      in: [pipes.headIn, pipes.restIn],
    };
  }
  const used = device.configuration?.interfaces.find((one) => one.interfaceNumber === driver.interfaceNumber);
  const bulk = (direction: 'in' | 'out') =>
    used?.alternate.endpoints.find(
      (endpoint) => endpoint.type === 'bulk' && endpoint.direction === direction,
    );
  const [input, output] = [bulk('in'), bulk('out')];
  if (!input || !output) return undefined;
  return { out: (bytes) => [{ endpoint: output.endpointNumber, bytes }], in: [input.endpointNumber] };
}

function createUsbBulkLink(options: UsbBulkOptions, pipes: Pipes): ByteLink {
  const { device, driver, path, isPresent, transferMs = 5000 } = options;
  let nextPipe = 0;

  /** A timeout, a stall and a loss look alike: only the bus tells whether the device is gone. */
  async function fetchTransfer(closing: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      const { data } = await device.transferIn(pipes.in[nextPipe] ?? 0, receiveLength, transferMs);
      if (data && data.byteLength > 0) {
        nextPipe = (nextPipe + 1) % pipes.in.length;
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
      }
    } catch (error) {
      if (!(await isPresent())) throw error;
    }
    nextPipe = 0;
    // A stalled pipe fails at once; without the pause this would be a busy loop.
    await pause(failurePauseMs, closing);
    return undefined;
  }

  async function send(bytes: Uint8Array): Promise<void> {
    try {
      for (const part of pipes.out(Uint8Array.from(bytes))) {
        await device.transferOut(part.endpoint, part.bytes, transferMs);
      }
    } catch (error) {
      const code = (await isPresent()) ? 'DEVICE_TIMEOUT' : 'DEVICE_LOST';
      throw new AppError(code, { step: 'write' }, { cause: error });
    }
  }

  return createDeviceLine({
    kind: 'usb',
    path,
    send,
    fetch: { next: fetchTransfer, forMs: transferMs },
    async release() {
      await device.releaseInterface(driver.interfaceNumber).catch(() => undefined);
      await device.close();
    },
  }).link;
}
