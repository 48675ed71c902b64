/** Which SAM readers are plugged in now, by the driver table, and how each is opened. */
import { access } from 'node:fs/promises';
import type { CardReaderDriver, CardReaderTable, UsbId } from '#domain/catalogue/drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { OpenLink } from '../byte-links/byte-link.ts';
import { openHidLink } from '../byte-links/hid-link.ts';
import { openSerialLink } from '../byte-links/serial-link.ts';
import { createSystemHidBus, createSystemUsbBus } from '../byte-links/system-buses.ts';
import type { HidBus, UsbBus } from '../byte-links/system-buses.ts';
import { openUsbBulkLink } from '../byte-links/usb-bulk-link.ts';

/** A serial reader, which cannot announce itself: the station profile says where it is. */
export interface ConfiguredSerialReader {
  /** E.g. `/dev/ttyUSB0`, `COM3`; a link made by a udev rule is best. */
  path: string;
  /** Id of a serial entry of the driver table. */
  driver: string;
  /** True for the emulator; shown as 模拟. */
  simulated?: boolean;
}

export interface FoundReader {
  driver: Exclude<CardReaderDriver, { link: 'web' }>;
  path: string;
  simulated: boolean;
  openLink: OpenLink;
}

export interface ReaderFinder {
  /** The profile's serial readers, there or not. */
  configured: readonly FoundReader[];
  /** All that are there now. A bus that cannot be asked has none. */
  find(): Promise<FoundReader[]>;
}

/** Throws DRIVER_MISSING when a configured reader names a driver that the table has not as a serial one. */
export function createReaderFinder(options: {
  driverTable: CardReaderTable;
  serialReaders: readonly ConfiguredSerialReader[];
  buses: { usb: UsbBus; hid: HidBus } | undefined;
}): ReaderFinder {
  const { driverTable } = options;
  const { usb, hid } = options.buses ?? { usb: createSystemUsbBus(), hid: createSystemHidBus() };
  const configured = options.serialReaders.map((reader) => serialReaderOf(driverTable, reader));

  async function findUsb(): Promise<FoundReader[]> {
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

  async function findHid(): Promise<FoundReader[]> {
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

  return {
    configured,
    async find() {
      const serial = await Promise.all(
        configured.map(async (one) => ((await isThere(one.path)) ? [one] : [])),
      );
      return [...serial.flat(), ...(await findUsb()), ...(await findHid())];
    },
  };
}

function serialReaderOf(table: CardReaderTable, configured: ConfiguredSerialReader): FoundReader {
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
