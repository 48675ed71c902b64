/** The machine's own USB and HID buses, reduced to what finding a device needs. */
import { existsSync } from 'node:fs';
import type { HidDevice } from './hid-link.ts';
import type { UsbBulkDevice } from './usb-bulk-link.ts';

export interface FoundUsbDevice {
  /** Bus and ports: the same for the same socket after pulling out and in. */
  path: string;
  vendorId: number;
  productId: number;
  device: UsbBulkDevice;
}

export interface UsbBus {
  /** Empty where there is no bus. */
  list(): Promise<FoundUsbDevice[]>;
}

export interface FoundHidDevice {
  path: string;
  vendorId: number;
  productId: number;
}

export interface HidBus {
  list(): Promise<FoundHidDevice[]>;
  open(path: string): Promise<HidDevice>;
}

/**
 * Without a USB bus the `usb` package rejects every call, and its events end the process: it is loaded only where the
 * kernel shows a bus, and its events are never used.
 */
export function createSystemUsbBus(): UsbBus {
  return {
    async list() {
      if (process.platform === 'linux' && !existsSync('/sys/bus/usb/devices')) return [];
      const { usb } = await import('usb');
      const devices = await usb.getDevices();
      return devices.map((device) => ({
        path: `usb:${device.bus}-${device.ports.join('.')}`,
        vendorId: device.vendorId,
        productId: device.productId,
        device: device as unknown as UsbBulkDevice, // same shape; the package's type lacks the timeouts it takes
      }));
    },
  };
}

export function createSystemHidBus(): HidBus {
  return {
    async list() {
      if (process.platform === 'linux' && !existsSync('/sys/class/hidraw')) return [];
      const { devicesAsync } = await import('node-hid');
      const devices = await devicesAsync();
      return devices.flatMap(({ path, vendorId, productId }) =>
        path ? [{ path, vendorId, productId }] : [],
      );
    },
    async open(path) {
      const { HIDAsync } = await import('node-hid');
      return HIDAsync.open(path);
    },
  };
}
