/**
 * Runs in the rig: our driver reads our emulator over USB devices of a real kernel, one scenario after the other. What was
 * seen is written to /rig/out/results.json; the test on the host judges it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { cardReaderTableSchema } from '#domain/catalogue/drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { loadPerson } from '#tests/emulators/id-card-reader/card-file.ts';
import { startIdCardReaderEmulator } from '#tests/emulators/id-card-reader/emulator.ts';
import { listCameras } from '../../../scanner-agent/devices/cameras.ts';
import { createCardReaders } from '../../../scanner-agent/devices/card-readers/card-readers.ts';
import { plugAcmReader, plugBulkReader, plugHidReader } from './usb-gadget.ts';

const table = cardReaderTableSchema.parse(
  parse(await readFile(new URL('../../../config/drivers/card-readers.yaml', import.meta.url), 'utf8')),
);
const resident = await loadPerson('resident');
const other = await loadPerson('hmt-residence');
const never = new AbortController().signal;
const nobody = 65_534;
const results: Record<string, unknown> = {};
const hid = { socket: 0, vendorId: 0x2b8b, productId: 0x2721 };
const bulk = { socket: 1, vendorId: 0x0400, productId: 0xc35a };
const serial = { socket: 2, vendorId: 0x1a86, productId: 0x7523 };
const lines = {
  hid: { openLine: () => plugHidReader(hid) },
  usb: { openLine: () => plugBulkReader(bulk) },
  serial: { openLine: () => plugAcmReader(serial) },
};

const readers = createCardReaders({
  driverTable: table,
  serialReaders: [{ path: '/dev/ttyACM0', driver: 'sdt-serial' }],
  retryFaultMs: 500,
});
const stateOf = (link: string) => readers.health().find((one) => one.link === link);
results['slowness'] = measureSlowness();
await readers.refresh();
results['nothing'] = readers.health();

for (const link of ['hid', 'usb', 'serial'] as const) {
  await note(link, async () => {
    const pluggedAt = performance.now();
    const emulator = await startIdCardReaderEmulator(lines[link]);
    const readyAfterMs = (await until(() => stateOf(link)?.state === 'ready')) - pluggedAt;
    emulator.place(resident);
    const card = await readers.readCard({ signal: never, timeoutMs: 20_000 });

    emulator.misbehave('unplug', { on: 'read', times: 1 });
    const pulledOut = await codeOf(readers.readCard({ signal: never, timeoutMs: 20_000 }));
    const goneState = stateOf(link)?.state;
    await emulator.plug();
    await until(() => stateOf(link)?.state === 'ready');
    emulator.place(other);
    const next = await readers.readCard({ signal: never, timeoutMs: 20_000 });

    const unpluggedAt = performance.now();
    await emulator.unplug();
    const missingAfterMs = (await until(() => stateOf(link)?.state === 'missing')) - unpluggedAt;
    await emulator.close();
    return {
      readyAfterMs,
      driver: stateOf(link)?.driver,
      card: { ...card, photoWlt: card.photoWlt?.length },
      pulledOut,
      goneState,
      next: next.name,
      missingAfterMs,
    };
  });
}

await note('two', async () => {
  const one = await startIdCardReaderEmulator(lines.hid);
  const two = await startIdCardReaderEmulator(lines.usb);
  await until(() => stateOf('hid')?.state === 'ready' && stateOf('usb')?.state === 'ready');
  const names: string[] = [];
  let placings = 0;
  for (const [emulator, card] of [
    [one, resident],
    [two, other],
  ] as const) {
    const reading = readers.readCard({ signal: never, timeoutMs: 20_000, onPlaced: () => placings++ });
    emulator.place(card);
    names.push((await reading).name);
    emulator.remove();
  }
  const reading = readers.readCard({ signal: never, timeoutMs: 20_000 });
  await until(() => one.requests().at(-1) === 'find');
  await one.unplug();
  two.place(resident);
  names.push((await reading).name);
  await Promise.all([one.close(), two.close()]);
  return { names, placings };
});

await readers.close();

await note('held', async () => {
  const emulator = await startIdCardReaderEmulator(lines.usb);
  const file = await usbFileOf('0400');
  // Another program: it claims the interface (USBDEVFS_CLAIMINTERFACE, _IOR('U', 15, unsigned int)) and stays.
  const claim =
    'open(my $f, "+<", $ARGV[0]) or die; my $n = pack("L", 0); ioctl($f, 0x8004550f, $n) // die; $| = 1; print "held"; sleep 60';
  const holder = spawn('perl', ['-e', claim, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const second = createCardReaders({ driverTable: table, retryFaultMs: 500 });
  const state = () => second.health().find(({ link }) => link === 'usb');
  await until(() => state()?.state === 'fault');
  const held = state()?.errorCode;
  holder.kill('SIGKILL');
  await until(() => state()?.state === 'ready');
  emulator.place(resident);
  const { name } = await second.readCard({ signal: never, timeoutMs: 20_000 });
  await second.close();
  await emulator.close();
  return { held, name };
});

await note('forbidden', async () => {
  const links = ['hid', 'usb', 'serial'] as const;
  const emulators = await Promise.all(links.map((link) => startIdCardReaderEmulator(lines[link])));
  await Promise.all([fileThere('/dev/hidraw0'), fileThere('/dev/ttyACM0'), usbFileOf('0400')]);
  await Promise.all(['/dev/hidraw0', '/dev/ttyACM0'].map((file) => chmod(file, 0o600)));
  // From here on the station's program is nobody, until the readers have been asked.
  process.seteuid?.(nobody);
  const theirs = createCardReaders({
    driverTable: table,
    serialReaders: [{ path: '/dev/ttyACM0', driver: 'sdt-serial' }],
  });
  await theirs.refresh().finally(() => process.seteuid?.(0));
  const told = Object.fromEntries(
    theirs.health().map(({ link, state, errorCode }) => [link, `${state} ${errorCode}`]),
  );
  await theirs.close();
  for (const emulator of emulators) await emulator.close();
  return told;
});

await note('cameras', async () => {
  const pluggedIn = await listCameras();
  await writeFile('/sys/bus/platform/drivers/vivid/unbind', 'vivid.0');
  return { pluggedIn, pulledOut: await listCameras() };
});

results['finished'] = true;
await save();
process.exit(0);

/** Against the millisecond that a plain office machine needs for this. */
function measureSlowness(): number {
  const startedAt = performance.now();
  let value = 1;
  for (let round = 0; round < 500_000; round++) value = (Math.imul(value, 1_103_515_245) + 12_345) >>> 0;
  return performance.now() - startedAt + (value % 1);
}

async function note(name: string, scenario: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  try {
    results[name] = await scenario();
  } catch (error) {
    results[name] = {
      failed: error instanceof Error ? error.stack : String(error),
      health: readers.health(),
    };
  }
  console.log(`${name}: ${Math.round(performance.now() - startedAt)} ms`);
  await save();
}

async function save(): Promise<void> {
  await writeFile('/rig/out/results.json', JSON.stringify(results, undefined, 2));
}

/** `/dev/bus/usb/…` of the device of this vendor. */
async function usbFileOf(vendor: string): Promise<string> {
  const devices = '/sys/bus/usb/devices';
  const textOf = (name: string, file: string) =>
    readFile(`${devices}/${name}/${file}`, 'utf8').then((text) => text.trim());
  for (let tries = 0; tries < 500; tries++) {
    for (const name of await readdir(devices)) {
      if ((await textOf(name, 'idVendor').catch(() => '')) !== vendor) continue;
      const [bus, number] = [await textOf(name, 'busnum'), await textOf(name, 'devnum')];
      return `/dev/bus/usb/${bus.padStart(3, '0')}/${number.padStart(3, '0')}`;
    }
    await delay(20);
  }
  throw new Error(`no device of ${vendor}`);
}

async function fileThere(file: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await delay(20);
  }
  throw new Error(`${file} did not come`);
}

/** When it became true. */
async function until(isSo: () => boolean, limitMs = 20_000): Promise<number> {
  const startedAt = performance.now();
  while (!isSo()) {
    if (performance.now() - startedAt > limitMs)
      throw new Error(`not so within ${limitMs} ms: ${isSo.toString()}`);
    await delay(10);
  }
  return performance.now();
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => 'read',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
}
