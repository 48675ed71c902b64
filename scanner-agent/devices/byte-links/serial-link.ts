import { SerialPort } from 'serialport';
import { AppError } from '#domain/errors/app-error.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import type { ByteLink } from './byte-link.ts';
import { within } from './wait.ts';

/** 8 data bits, no parity, 1 stop bit. Throws DEVICE_LOST when the path is absent, DEVICE_BUSY when it is held. */
export async function openSerialLink(
  { path, baudRate }: { path: string; baudRate: number },
  options: WaitOptions,
): Promise<ByteLink> {
  const port = new SerialPort({ path, baudRate, dataBits: 8, parity: 'none', stopBits: 1, autoOpen: false });
  // Without a listener an error event of the stream would end the process; losses are announced by `close`.
  port.on('error', () => undefined);
  const opening = callBack((done) => port.open(done)).catch((error: unknown) => {
    throw openFailure(error);
  });
  await within(opening, options, { step: 'open', onLate: () => void closePort(port) });
  return createSerialLink(path, port);
}

function createSerialLink(path: string, port: SerialPort): ByteLink {
  let listener: (bytes: Uint8Array) => void = () => undefined;
  let lostListener: () => void = () => undefined;
  let isClosed = false;
  port.on('data', (bytes: Uint8Array) => listener(bytes));
  // Now and then the library misses the hang-up of an idle line; whoever watches the path tells those.
  port.on('close', () => {
    if (!isClosed) lostListener();
    isClosed = true;
  });

  return {
    kind: 'serial',
    path,
    async write(bytes, options) {
      if (isClosed) throw new AppError('DEVICE_LOST', { step: 'write' });
      const writing = callBack((done) => port.write(Buffer.from(bytes), done)).catch((error: unknown) => {
        throw new AppError('DEVICE_LOST', { step: 'write' }, { cause: error });
      });
      await within(writing, options, { step: 'write' });
    },
    onData(next) {
      listener = next;
    },
    onLost(next) {
      lostListener = next;
    },
    async setBaudRate(baudRate, options) {
      if (isClosed) throw new AppError('DEVICE_LOST', { step: 'baud-rate' });
      const updating = callBack((done) => port.update({ baudRate }, done)).catch((error: unknown) => {
        throw new AppError('DEVICE_FAULT', { step: 'baud-rate', baudRate }, { cause: error });
      });
      await within(updating, options, { step: 'baud-rate' });
    },
    async close() {
      isClosed = true;
      await closePort(port);
    },
  };
}

async function closePort(port: SerialPort): Promise<void> {
  if (!port.isOpen) return;
  await callBack((done) => port.close(done)).catch(() => undefined);
}

function openFailure(error: unknown): AppError {
  const message = error instanceof Error ? error.message : String(error);
  // The binding tells its failures apart by text alone.
  const isHeld = /lock port|busy|access denied/i.test(message);
  return new AppError(isHeld ? 'DEVICE_BUSY' : 'DEVICE_LOST', { step: 'open' }, { cause: error });
}

function callBack(start: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
