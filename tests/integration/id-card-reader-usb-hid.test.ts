/** The USB and HID links at the edge of their libraries: devices in memory, behind which the emulator's module answers. */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cardReaderTableSchema } from '#domain/catalogue/drivers.ts';
import type { CardReaderTable, HidCardReaderDriver } from '#domain/catalogue/drivers.ts';
import { loadPerson } from '#tests/emulators/id-card-reader/card-file.ts';
import {
  createRequestSplitter,
  createSecurityModule,
} from '#tests/emulators/id-card-reader/security-module.ts';
import type { SecurityModule } from '#tests/emulators/id-card-reader/security-module.ts';
import type { HidDevice } from '../../scanner-agent/devices/byte-links/hid-link.ts';
import type { HidBus, UsbBus } from '../../scanner-agent/devices/byte-links/system-buses.ts';
import type { UsbBulkDevice } from '../../scanner-agent/devices/byte-links/usb-bulk-link.ts';
import { createCardReaders } from '../../scanner-agent/devices/card-readers/card-readers.ts';
import type { CardReaders } from '../../scanner-agent/devices/card-readers/card-readers.ts';

const table = cardReaderTableSchema.parse(
  parse(await readFile(new URL('../../config/drivers/card-readers.yaml', import.meta.url), 'utf8')),
);
const resident = await loadPerson('resident');
const wait = { signal: new AbortController().signal, timeoutMs: 10_000 };
const noUsb: UsbBus = { list: () => Promise.resolve([]) };
const noHid: HidBus = { list: () => Promise.resolve([]), open: () => Promise.reject(new Error('no bus')) };
const opened: CardReaders[] = [];

afterEach(async () => {
  for (const readers of opened.splice(0)) await readers.close();
});

async function open(driverTable: CardReaderTable, buses: { usb: UsbBus; hid: HidBus }): Promise<CardReaders> {
  const readers = createCardReaders({ driverTable, buses, lookMs: 50, retryFaultMs: 200 });
  opened.push(readers);
  await readers.refresh();
  return readers;
}

interface UsbToy {
  bus: UsbBus;
  pullOut(): void;
  hangNext(): void;
}

/** `ins`: endpoints that the reply is sent on, cut as the device would cut it. */
function usbDevice(
  module: SecurityModule,
  { ins, cut }: { ins: number[]; cut: (reply: Buffer) => Buffer[] },
): UsbToy {
  const splitter = createRequestSplitter();
  const queues = new Map(ins.map((endpoint) => [endpoint, [] as Buffer[]]));
  const arrivals = new EventEmitter();
  let isThere = true;
  let isHanging = false;
  let isOpen = false;

  const device: UsbBulkDevice = {
    get opened() {
      return isOpen;
    },
    configuration: {
      interfaces: [
        {
          interfaceNumber: 0,
          alternate: {
            endpoints: [
              { endpointNumber: 1, direction: 'in', type: 'bulk' },
              { endpointNumber: 2, direction: 'out', type: 'bulk' },
            ],
          },
        },
      ],
    },
    async open() {
      if (!isThere) throw new Error('gone');
      isOpen = true;
    },
    async close() {
      isOpen = false;
    },
    async claimInterface() {},
    async releaseInterface() {},
    async transferOut(_endpoint, data) {
      if (!isThere) throw new Error('gone');
      for (const request of splitter.push(Buffer.from(data))) {
        const { reply } = module.answer(request);
        if (isHanging) continue;
        cut(reply).forEach((part, index) => queues.get(ins[index % ins.length] ?? 0)?.push(part));
        arrivals.emit('some');
      }
      return { status: 'ok' };
    },
    async transferIn(endpoint, _length, timeoutMs = 1000) {
      const until = Date.now() + timeoutMs;
      for (;;) {
        if (!isThere) throw new Error('gone');
        const part = queues.get(endpoint)?.shift();
        if (part) return { status: 'ok', data: new DataView(Uint8Array.from(part).buffer) };
        const leftMs = until - Date.now();
        if (leftMs <= 0) throw new Error('cancelled');
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs);
          arrivals.once('some', () => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    },
  };
  return {
    bus: {
      list: () =>
        Promise.resolve(isThere ? [{ path: 'usb:1-2', vendorId: 0x0400, productId: 0xc35a, device }] : []),
    },
    pullOut() {
      isThere = false;
      arrivals.emit('some');
    },
    hangNext() {
      isHanging = true;
    },
  };
}

function onlyDriver(id: string): CardReaderTable {
  return { drivers: table.drivers.filter((driver) => driver.id === id) };
}

describe('a USB reader', () => {
  test.each([
    ['whole frames', 'sdt-usb', [1], (reply: Buffer) => [reply]],
    ['a swallowed first byte', 'sdt-usb', [1], (reply: Buffer) => [reply.subarray(1)]],
    ['frames in packets of 64', 'sdt-usb', [1], (reply: Buffer) => inPieces(reply, 64)],
    ['a head and a rest on two pipes', 'sdt-usb-split', [1, 5], (reply: Buffer) => headAndRest(reply)],
  ] as const)('reads over %s', async (_name, driver, ins, cut) => {
    const module = createSecurityModule({});
    const { bus } = usbDevice(module, { ins: [...ins], cut });
    const readers = await open(onlyDriver(driver), { usb: bus, hid: noHid });
    expect(readers.health()).toMatchObject([
      { state: 'ready', link: 'usb', path: 'usb:1-2', simulated: false },
    ]);
    module.place(resident);
    expect(await readers.readCard(wait)).toMatchObject({
      name: '王小测',
      newestAddress: '云南省昆明市五华区示范街8号',
    });
  });

  test('says DEVICE_LOST when it is pulled out while a card is awaited', async () => {
    const module = createSecurityModule({});
    const toy = usbDevice(module, { ins: [1], cut: (reply) => [reply] });
    const readers = await open(onlyDriver('sdt-usb'), { usb: toy.bus, hid: noHid });
    const reading = readers.readCard({ ...wait, onPlaced: () => toy.pullOut() });
    module.place(resident);
    await expect(reading).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    await expect.poll(() => readers.health()[0]?.state).toBe('missing');
  });

  test('says DEVICE_TIMEOUT when it is there but silent', async () => {
    const toy = usbDevice(createSecurityModule({}), { ins: [1], cut: (reply) => [reply] });
    const readers = await open(onlyDriver('sdt-usb'), { usb: toy.bus, hid: noHid });
    toy.hangNext();
    await expect(readers.readCard(wait)).rejects.toMatchObject({ code: 'DEVICE_TIMEOUT' });
    expect(readers.health()).toMatchObject([{ state: 'fault', errorCode: 'DEVICE_TIMEOUT' }]);
  });

  test('is absent where the machine has no USB bus', async () => {
    const readers = await open(table, {
      usb: { list: () => Promise.reject(new Error('no bus')) },
      hid: noHid,
    });
    expect(readers.health()).toEqual([]);
  });
});

type Report = HidCardReaderDriver['report'];

/** A device that cuts its replies into reports as the table says, the counterpart written out by hand. */
class HidToy extends EventEmitter implements HidDevice {
  readonly #module: SecurityModule;
  readonly #report: Report;
  readonly #splitter = createRequestSplitter();
  readonly #features: Buffer[] = [];

  constructor(module: SecurityModule, report: Report) {
    super();
    this.#module = module;
    this.#report = report;
  }

  async write(packed: number[]): Promise<number> {
    const { prefix, size, id, transfer } = this.#report;
    expect(packed).toHaveLength(size + 1);
    expect(packed[0]).toBe(id);
    const bytes = Buffer.from(packed.slice(1));
    const length =
      prefix === 'none' ? size : prefix === 'length-8' ? bytes.readUInt8(0) : bytes.readUInt16BE(0);
    const from = prefix === 'none' ? 0 : prefix === 'length-8' ? 1 : 2;
    for (const request of this.#splitter.push(bytes.subarray(from, from + length))) {
      for (const piece of inPieces(this.#module.answer(request).reply, size - from)) {
        const report = Buffer.alloc(size);
        if (from === 1) report.writeUInt8(piece.length);
        if (from === 2) report.writeUInt16BE(piece.length);
        piece.copy(report, from);
        if (transfer === 'feature') this.#features.push(Buffer.concat([Buffer.from([id]), report]));
        else this.emit('data', id === 0 ? report : Buffer.concat([Buffer.from([id]), report]));
      }
    }
    return packed.length;
  }

  sendFeatureReport(packed: number[]): Promise<number> {
    return this.write(packed);
  }

  getFeatureReport(_id: number, length: number): Promise<Buffer> {
    return Promise.resolve(this.#features.shift() ?? Buffer.alloc(length));
  }

  async close(): Promise<void> {}
}

describe('a HID reader', () => {
  const base: Report = { id: 0, size: 64, prefix: 'none', transfer: 'interrupt', settleMs: 0 };
  test.each([
    ['plain 64-byte reports', base],
    ['reports that state their length', { ...base, prefix: 'length-8' }],
    ['long reports with an id', { ...base, id: 3, size: 512, prefix: 'length-16' }],
    ['feature reports', { ...base, transfer: 'feature', settleMs: 5 }],
    ['feature reports with an id', { ...base, id: 5, prefix: 'length-8', transfer: 'feature', settleMs: 5 }],
  ] as [string, Report][])('reads over %s', async (_name, report) => {
    const module = createSecurityModule({});
    const hid: HidBus = {
      list: () => Promise.resolve([{ path: '/dev/hidraw9', vendorId: 0x2b8b, productId: 0x2721 }]),
      open: () => Promise.resolve(new HidToy(module, report)),
    };
    const drivers = onlyDriver('sdt-hid').drivers.map((driver) => ({ ...driver, report }));
    const readers = await open({ drivers }, { usb: noUsb, hid });
    expect(readers.health()).toMatchObject([{ state: 'ready', link: 'hid' }]);
    module.place(resident);
    expect(await readers.readCard(wait)).toMatchObject({ number: '11010519491231002X', sex: '女' });
  });

  test('says DEVICE_LOST when reading from it fails', async () => {
    const module = createSecurityModule({});
    const toy = new HidToy(module, base);
    const hid: HidBus = {
      list: () => Promise.resolve([{ path: '/dev/hidraw9', vendorId: 0x2b8b, productId: 0x2721 }]),
      open: () => Promise.resolve(toy),
    };
    const readers = await open(onlyDriver('sdt-hid'), { usb: noUsb, hid });
    module.place(resident);
    const reading = readers.readCard({
      ...wait,
      onPlaced: () => toy.emit('error', new Error('could not read')),
    });
    await expect(reading).rejects.toMatchObject({ code: 'DEVICE_LOST' });
  });
});

describe('the driver table', () => {
  test('refuses a misspelt key, a wrong id and a doubled entry', () => {
    const [serial] = table.drivers;
    const bad = [
      [{ ...serial, baudrates: [9600] }],
      [
        {
          id: 'x',
          brand: 'x',
          model: 'x',
          status: 'untested',
          link: 'usb',
          ids: ['400:C35A'],
          interfaceNumber: 0,
          pipes: { kind: 'whole' },
        },
      ],
      [serial, serial],
    ];
    for (const drivers of bad) expect(cardReaderTableSchema.safeParse({ drivers }).success).toBe(false);
  });

  test('a configured reader must name a serial driver', () => {
    const configured = [{ path: '/dev/ttyUSB0', driver: 'sdt-usb' }];
    expect(() => createCardReaders({ driverTable: table, serialReaders: configured })).toThrow(
      /DRIVER_MISSING/,
    );
  });
});

function inPieces(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

function headAndRest(reply: Buffer): Buffer[] {
  return [reply.subarray(0, 7), reply.subarray(7)];
}
