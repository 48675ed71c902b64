/** A line to a device that carries bytes both ways. What the bytes mean is the driver's business. */
import type { WaitOptions } from '../../ports/wait-options.ts';

export interface ByteLink {
  kind: 'serial' | 'usb' | 'hid';
  path: string;
  /** Sends all bytes. Throws DEVICE_LOST, DEVICE_TIMEOUT, or the signal's reason. */
  write(bytes: Uint8Array, options: WaitOptions): Promise<void>;
  /** The one listener for what arrives, in order and cut anywhere; a later call replaces it. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** The one listener for the device being pulled out; fires once, never after `close`. */
  onLost(listener: () => void): void;
  /** Only lines that have a rate. */
  setBaudRate?(baudRate: number, options: WaitOptions): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Opens a link. Throws DEVICE_LOST when the device is not there, DEVICE_BUSY when another program holds it, DRIVER_MISSING. */
export type OpenLink = (options: WaitOptions) => Promise<ByteLink>;
