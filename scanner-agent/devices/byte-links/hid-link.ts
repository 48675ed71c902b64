import { AppError } from '#domain/errors/app-error.ts';
import type { HidCardReaderDriver } from '#domain/catalogue/drivers.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import type { ByteLink } from './byte-link.ts';
import { createDeviceLine } from './device-line.ts';
import { isForbidden } from './is-forbidden.ts';
import { pause, within } from './wait.ts';

/** What the link needs of an opened HID device; `HIDAsync` of node-hid fits. */
export interface HidDevice {
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  write(bytes: number[]): Promise<number>;
  sendFeatureReport(bytes: number[]): Promise<number>;
  getFeatureReport(reportId: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface HidOptions {
  path: string;
  open: () => Promise<HidDevice>;
  report: HidCardReaderDriver['report'];
}

/** How long feature reports are fetched after a request, and how often when the device has nothing yet. */
const fetchMs = 5000;
const fetchPauseMs = 20;

/** Throws DEVICE_LOST when the device cannot be opened, DEVICE_FORBIDDEN where that is for want of permission. */
export async function openHidLink({ path, open, report }: HidOptions, wait: WaitOptions): Promise<ByteLink> {
  const opening = open().catch(async (error: unknown) => {
    const code = (await isForbidden(path)) ? 'DEVICE_FORBIDDEN' : 'DEVICE_LOST';
    throw new AppError(code, { step: 'open' }, { cause: error });
  });
  const device = await within(opening, wait, {
    step: 'open',
    onLate: (late) => void late.close().catch(() => undefined),
  });
  return createHidLink({ path, device, report });
}

function createHidLink(options: { path: string; device: HidDevice; report: HidOptions['report'] }): ByteLink {
  const { path, device, report } = options;
  const isFeature = report.transfer === 'feature';

  /** Feature reports are not pushed by the device. One always comes with its id, even when that is 0. */
  async function fetchReport(closing: AbortSignal): Promise<Uint8Array | undefined> {
    const bytes = await device.getFeatureReport(report.id, report.size + 1);
    const content = unpackReport(bytes.subarray(1), { ...report, id: 0 });
    if (content.some((byte) => byte !== 0)) return content;
    await pause(fetchPauseMs, closing);
    return undefined;
  }

  async function send(bytes: Uint8Array, closing: AbortSignal): Promise<void> {
    try {
      for (const packed of packReports(bytes, report)) {
        await (isFeature ? device.sendFeatureReport(packed) : device.write(packed));
      }
    } catch (error) {
      throw new AppError('DEVICE_LOST', { step: 'write' }, { cause: error });
    }
    if (isFeature) await pause(report.settleMs, closing);
  }

  const { link, take, lose } = createDeviceLine({
    kind: 'hid',
    path,
    send,
    ...(isFeature ? { fetch: { next: fetchReport, forMs: fetchMs } } : {}),
    release: () => device.close(),
  });
  device.on('error', lose);
  if (!isFeature) device.on('data', (bytes) => take(unpackReport(bytes, report)));
  return link;
}

const prefixLengths = { none: 0, 'length-8': 1, 'length-16': 2 } as const;

/** Cuts a frame into reports, each with its id first (0 where there are none, as hidraw wants it) and filled with zeros. */
export function packReports(bytes: Uint8Array, report: HidOptions['report']): number[][] {
  const prefixLength = prefixLengths[report.prefix];
  const room = report.size - prefixLength;
  const reports: number[][] = [];
  for (let at = 0; at < bytes.length; at += room) {
    const content = [...bytes.subarray(at, at + room)];
    const count = [content.length >> 8, content.length & 0xff].slice(2 - prefixLength);
    const padding = new Array<number>(room - content.length).fill(0);
    reports.push([report.id, ...count, ...content, ...padding]);
  }
  return reports;
}

/** The frame's bytes of one received report. Without a prefix the padding stays; the frame's own length ends the frame. */
export function unpackReport(bytes: Uint8Array, report: HidOptions['report']): Uint8Array {
  const content = report.id !== 0 && bytes[0] === report.id ? bytes.subarray(1) : bytes;
  const prefixLength = prefixLengths[report.prefix];
  if (prefixLength === 0) return content;
  const first = content[0] ?? 0;
  const count = prefixLength === 1 ? first : (first << 8) | (content[1] ?? 0);
  return content.subarray(prefixLength, prefixLength + Math.min(count, content.length - prefixLength));
}
