import { SerialPort } from 'serialport';
import { AppError } from '#domain/errors/app-error.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import type { ByteLink } from './byte-link.ts';
import { createDeviceLine } from './device-line.ts';
import { within } from './wait.ts';

/**
 * 8 data bits, no parity, 1 stop bit. Throws DEVICE_LOST when the path is absent, DEVICE_BUSY when it is held,
 * DEVICE_FORBIDDEN when the station's user may not open it.
 */
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
  const { link, take, lose } = createDeviceLine({
    kind: 'serial',
    path,
    send: (bytes) =>
      callBack((done) => port.write(Buffer.from(bytes), done)).catch((error: unknown) => {
        throw new AppError('DEVICE_LOST', { step: 'write' }, { cause: error });
      }),
    release: () => closePort(port),
  });
  port.on('data', take);
  // Now and then the library misses the hang-up of an idle line; whoever watches the path tells those.
  port.on('close', lose);

  return {
    ...link,
    async setBaudRate(baudRate, options) {
      const updating = callBack((done) => port.update({ baudRate }, done)).catch((error: unknown) => {
        const code = port.isOpen ? 'DEVICE_FAULT' : 'DEVICE_LOST';
        throw new AppError(code, { step: 'baud-rate', baudRate }, { cause: error });
      });
      await within(updating, options, { step: 'baud-rate' });
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
  const isForbidden = /permission denied/i.test(message);
  const code = isHeld ? 'DEVICE_BUSY' : isForbidden ? 'DEVICE_FORBIDDEN' : 'DEVICE_LOST';
  return new AppError(code, { step: 'open' }, { cause: error });
}

function callBack(start: (done: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
}
