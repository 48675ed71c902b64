/** Every card reader of this station: finds what is plugged in, keeps it connected, tells when that changes. */
import { access } from 'node:fs/promises';
import type { CardReaderDriver, CardReaderTable, UsbId } from '#domain/catalogue/drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { OpenLink } from '../byte-links/byte-link.ts';
import { openHidLink } from '../byte-links/hid-link.ts';
import { openSerialLink } from '../byte-links/serial-link.ts';
import { createSystemHidBus, createSystemUsbBus } from '../byte-links/system-buses.ts';
import type { HidBus, UsbBus } from '../byte-links/system-buses.ts';
import { openUsbBulkLink } from '../byte-links/usb-bulk-link.ts';
import { pause } from '../byte-links/wait.ts';
import type { CardReader, CardReaderHealth } from '../../ports/card-reader.ts';
import { createSdtCardReader } from './card-reader.ts';
import type { SdtCardReader } from './card-reader.ts';

/** A serial reader, which cannot announce itself: the station profile says where it is. */
export interface ConfiguredSerialReader {
  /** E.g. `/dev/ttyUSB0`, `COM3`; a link made by a udev rule is best. */
  path: string;
  /** Id of a serial entry of the driver table. */
  driver: string;
  /** True for the emulator; shown as 模拟. */
  simulated?: boolean;
}

export interface CardReadersOptions {
  driverTable: CardReaderTable;
  serialReaders?: readonly ConfiguredSerialReader[];
  onChanged?: (health: CardReaderHealth) => void;
  /** Pause between two looks at what is plugged in. */
  lookMs?: number;
  /** How long a reader that is present but does not answer is left alone. */
  retryFaultMs?: number;
  buses?: { usb: UsbBus; hid: HidBus };
}

export interface CardReaders extends Pick<CardReader, 'readCard' | 'close'> {
  /** All readers seen since the start, configured ones first. */
  readers(): CardReader[];
  health(): CardReaderHealth[];
  /** Reads at the first reader that is ready. Throws as CardReader.readCard. */
  readCard: CardReader['readCard'];
  /** Looks now, and waits until what was found has answered or failed. */
  refresh(): Promise<void>;
}

interface Found {
  driver: CardReaderDriver;
  path: string;
  simulated: boolean;
  openLink: OpenLink;
}

const connectMs = 15_000;

/** Throws DRIVER_MISSING when a configured reader names a driver that the table has not as a serial one. */
export function createCardReaders(options: CardReadersOptions): CardReaders {
  const { driverTable, serialReaders = [], lookMs = 1000, retryFaultMs = 10_000 } = options;
  const { usb, hid } = options.buses ?? { usb: createSystemUsbBus(), hid: createSystemHidBus() };
  const configured = serialReaders.map((reader) => serialReaderOf(driverTable, reader));
  const readers = new Map<string, SdtCardReader>();
  const attempts = new Map<string, { promise: Promise<void>; startedAt: number; isOver: boolean }>();
  const closing = new AbortController();
  for (const found of configured) readerOf(found);
  const watching = watch();

  function readerOf({ driver, path, simulated, openLink }: Found): SdtCardReader {
    const known = readers.get(path);
    if (known) return known;
    const created = createSdtCardReader({
      id: `${driver.id}@${path}`,
      name: `${driver.brand} ${driver.model}`,
      driver: driver.id,
      link: driver.link,
      path,
      simulated,
      openLink,
      ...(driver.link === 'serial' ? { baudRates: driver.baudRates } : {}),
      ...(options.onChanged ? { onHealthChanged: options.onChanged } : {}),
    });
    readers.set(path, created);
    return created;
  }

  async function findPresent(): Promise<Found[]> {
    const serial = await Promise.all(configured.map(async (one) => ((await isThere(one.path)) ? [one] : [])));
    return [...serial.flat(), ...(await findUsb()), ...(await findHid())];
  }

  async function findUsb(): Promise<Found[]> {
    const drivers = driverTable.drivers.filter((driver) => driver.link === 'usb');
    if (drivers.length === 0) return [];
    const devices = await usb.list().catch(() => []);
    return devices.flatMap((device) => {
      const driver = drivers.find(({ ids }) => hasId(ids, device));
      if (!driver) return [];
      const { path } = device;
      const present = async () =>
        (await usb.list()).find((other) => other.path === path && hasId(driver.ids, other));
      const openLink: OpenLink = async (wait) => {
        const current = await present();
        if (!current) throw new AppError('DEVICE_LOST', { step: 'open' });
        const isPresent = async () => (await present().catch(() => undefined)) !== undefined;
        return openUsbBulkLink({ path, device: current.device, driver, isPresent }, wait);
      };
      return [{ driver, path, simulated: false, openLink }];
    });
  }

  async function findHid(): Promise<Found[]> {
    const drivers = driverTable.drivers.filter((driver) => driver.link === 'hid');
    if (drivers.length === 0) return [];
    const devices = await hid.list().catch(() => []);
    return devices.flatMap((device) => {
      const driver = drivers.find(({ ids }) => hasId(ids, device));
      if (!driver) return [];
      const { path } = device;
      const openLink: OpenLink = (wait) =>
        openHidLink({ path, open: () => hid.open(path), report: driver.report }, wait);
      return [{ driver, path, simulated: false, openLink }];
    });
  }

  async function look(): Promise<void> {
    const present = await findPresent();
    if (closing.signal.aborted) return;
    for (const found of present) connectWhenDue(found.path, readerOf(found));
    const paths = new Set(present.map(({ path }) => path));
    for (const [path, reader] of readers) {
      if (paths.has(path)) continue;
      attempts.delete(path);
      if (reader.health().state !== 'missing') await reader.noteUnplugged();
    }
  }

  function connectWhenDue(path: string, reader: SdtCardReader): void {
    if (reader.health().state === 'ready') return;
    const last = attempts.get(path);
    if (last && (!last.isOver || performance.now() - last.startedAt < retryFaultMs)) return;
    const attempt = { startedAt: performance.now(), isOver: false, promise: Promise.resolve() };
    attempt.promise = reader
      .connect({ signal: closing.signal, timeoutMs: connectMs })
      // Not lost: the reader's health tells it.
      .catch(() => undefined)
      .finally(() => {
        attempt.isOver = true;
      });
    attempts.set(path, attempt);
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await look();
      await pause(lookMs, closing.signal).catch(() => undefined);
    }
  }

  return {
    readers: () => [...readers.values()],
    health: () => [...readers.values()].map((reader) => reader.health()),
    async readCard(wait) {
      const all = [...readers.values()];
      const rank = { ready: 0, fault: 1, missing: 2 };
      const [best] = all.sort((a, b) => rank[a.health().state] - rank[b.health().state]);
      if (!best) throw new AppError('CARD_READER_MISSING');
      return best.readCard(wait);
    },
    async refresh() {
      await look();
      await Promise.all([...attempts.values()].map(({ promise }) => promise));
    },
    async close() {
      closing.abort();
      await watching;
      await Promise.all([...readers.values()].map((reader) => reader.close()));
    },
  };
}

function serialReaderOf(table: CardReaderTable, configured: ConfiguredSerialReader): Found {
  const { path, simulated = false } = configured;
  const driver = table.drivers.find(({ id }) => id === configured.driver);
  if (driver?.link !== 'serial') throw new AppError('DRIVER_MISSING', { driver: configured.driver, path });
  const baudRate = driver.baudRates[0] ?? 115_200;
  return { driver, path, simulated, openLink: (wait) => openSerialLink({ path, baudRate }, wait) };
}

function hasId(ids: readonly UsbId[], device: UsbId): boolean {
  return ids.some(
    ({ vendorId, productId }) => vendorId === device.vendorId && productId === device.productId,
  );
}

async function isThere(path: string): Promise<boolean> {
  // Windows has no file for a serial port; opening tells.
  if (process.platform === 'win32') return true;
  return access(path).then(
    () => true,
    () => false,
  );
}
