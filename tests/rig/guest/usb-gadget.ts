/**
 * USB devices made of the guest's own kernel (configfs gadgets on dummy_hcd): the host side sees real devices, and what
 * they answer comes from the emulator at their other end.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, open, rmdir, symlink, unlink, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DeviceSide } from '#tests/emulators/id-card-reader/pseudo-terminal.ts';
import { functionFsDescriptors, functionFsStrings } from './function-fs.ts';

const run = promisify(execFile);
const gadgets = '/sys/kernel/config/usb_gadget';
const reportSize = 64;
const pollMs = 4;

export interface GadgetId {
  /** Which of the guest's sockets: dummy_udc.N. */
  socket: number;
  vendorId: number;
  productId: number;
}

/** A reader that speaks in 64-byte HID reports. Every call plugs in a new one. */
export async function plugHidReader(id: GadgetId): Promise<DeviceSide> {
  const gadget = await makeGadget(id, 'hid.usb0', async (folder) => {
    await writeFile(join(folder, 'protocol'), '0');
    await writeFile(join(folder, 'subclass'), '0');
    await writeFile(join(folder, 'report_length'), String(reportSize));
    await writeFile(join(folder, 'report_desc'), reportDescriptor);
  });
  await gadget.plug();
  const file = await openWhenThere('/dev/hidg0');
  return deviceSide(gadget, file, file, { reports: true });
}

/** A reader behind a USB serial converter. */
export async function plugAcmReader(id: GadgetId): Promise<DeviceSide> {
  const gadget = await makeGadget(id, 'acm.usb0', async () => undefined);
  await gadget.plug();
  await run('stty', ['-F', '/dev/ttyGS0', 'raw', '-echo']);
  const file = await openWhenThere('/dev/ttyGS0');
  return deviceSide(gadget, file, file);
}

/** A reader with two bulk pipes, as the module's own USB interface has them. */
export async function plugBulkReader(id: GadgetId): Promise<DeviceSide> {
  const endpoints = '/dev/reader-endpoints';
  const gadget = await makeGadget(id, 'ffs.reader', async () => {
    await mkdir(endpoints, { recursive: true });
    await run('mount', ['-t', 'functionfs', 'reader', endpoints]);
  });
  const control = await open(join(endpoints, 'ep0'), 'r+');
  await control.write(functionFsDescriptors());
  await control.write(functionFsStrings('ID card reader'));
  const input = await open(join(endpoints, 'ep1'), 'r+');
  const output = await open(join(endpoints, 'ep2'), 'r+');
  await gadget.plug();
  return deviceSide(gadget, output, input, {
    tidy: () => control.close().then(() => run('umount', [endpoints])),
  });
}

interface Gadget {
  plug(): Promise<void>;
  unplug(): Promise<void>;
  /** Nothing is left of it. */
  remove(): Promise<void>;
}

async function makeGadget(
  { socket, vendorId, productId }: GadgetId,
  functionName: string,
  setUp: (folder: string) => Promise<void>,
): Promise<Gadget> {
  const folder = join(gadgets, `reader-${socket}`);
  const functionFolder = join(folder, 'functions', functionName);
  const configuration = join(folder, 'configs', 'c.1');
  await mkdir(folder);
  await writeFile(join(folder, 'idVendor'), String(vendorId));
  await writeFile(join(folder, 'idProduct'), String(productId));
  await mkdir(functionFolder);
  await setUp(functionFolder);
  await mkdir(configuration);
  await symlink(functionFolder, join(configuration, functionName));
  return {
    plug: () => writeFile(join(folder, 'UDC'), `dummy_udc.${socket}\n`),
    unplug: () => writeFile(join(folder, 'UDC'), '\n'),
    async remove() {
      await unlink(join(configuration, functionName));
      await rmdir(configuration);
      await rmdir(functionFolder);
      await rmdir(folder);
    },
  };
}

/** Reads are not waited for in the kernel where it allows that: a read of a gadget that was pulled out may never return. */
function deviceSide(
  gadget: Gadget,
  from: FileHandle,
  to: FileHandle,
  { reports = false, tidy }: { reports?: boolean; tidy?: () => Promise<unknown> } = {},
): DeviceSide {
  let listener: (bytes: Buffer) => void = () => undefined;
  let isClosed = false;
  let writing: Promise<unknown> = Promise.resolve();

  async function read(): Promise<void> {
    const buffer = Buffer.alloc(512);
    while (!isClosed) {
      try {
        const { bytesRead } = await from.read(buffer, 0, buffer.length, null);
        if (bytesRead > 0) listener(Buffer.from(buffer.subarray(0, bytesRead)));
        else await delay(pollMs);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
        await delay(pollMs);
      }
    }
  }
  const reading = read();

  async function writeAll(bytes: Uint8Array): Promise<void> {
    if (!reports) return writeOnce(to, bytes);
    for (let at = 0; at < bytes.length && !isClosed; at += reportSize) {
      const report = Buffer.alloc(reportSize);
      report.set(bytes.subarray(at, at + reportSize));
      await writeOnce(to, report);
    }
  }

  return {
    write(bytes) {
      const copy = Uint8Array.from(bytes);
      writing = writing.then(() => writeAll(copy)).catch(() => undefined);
    },
    onData(next) {
      listener = next;
    },
    async close() {
      // What was already answered leaves before the plug does.
      await Promise.race([writing, delay(200)]);
      isClosed = true;
      await gadget.unplug();
      await Promise.race([reading, delay(500)]);
      await from.close();
      if (to !== from) await to.close();
      await tidy?.();
      await gadget.remove();
    },
  };
}

async function writeOnce(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    try {
      at += (await file.write(bytes, at, bytes.length - at, null)).bytesWritten;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await delay(pollMs);
    }
  }
}

async function openWhenThere(path: string): Promise<FileHandle> {
  for (let tries = 0; ; tries++) {
    try {
      return await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    } catch (error) {
      if (tries > 500) throw error;
      await delay(10);
    }
  }
}

/** One vendor-defined report of 64 bytes each way (HID 1.11, 6.2.2). */
const reportDescriptor = Buffer.from(
  '0600ff' + '0901' + 'a101' + '1500' + '26ff00' + '7508' + '9540' + '0902' + '8102' + '0903' + '9102' + 'c0',
  'hex',
);
