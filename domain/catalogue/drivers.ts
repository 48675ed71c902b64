/** What the tables of known devices (config/drivers) may say. Unknown keys are errors, so a misspelt setting stops the start. */
import { z } from 'zod';

/** How far the entry can be trusted: only `tested-on-hardware` has met a real device. */
export const driverStatusSchema = z.enum(['tested-on-hardware', 'tested-on-emulator', 'untested']);
export type DriverStatus = z.infer<typeof driverStatusSchema>;

/** `VVVV:PPPP`, hexadecimal, as lsusb prints it. */
export const usbIdSchema = z
  .string()
  .regex(/^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$/, 'a USB id is written VVVV:PPPP in hexadecimal')
  .transform((text) => ({
    vendorId: Number.parseInt(text.slice(0, 4), 16),
    productId: Number.parseInt(text.slice(5), 16),
  }));
export type UsbId = z.infer<typeof usbIdSchema>;

/** What every entry says, whatever device it is for. */
export const driverEntryShape = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a driver id is kebab-case'),
  brand: z.string().min(1),
  model: z.string().min(1),
  status: driverStatusSchema,
  /** The test in which this entry meets its emulator; there exactly when `status` is tested-on-emulator. */
  provenBy: z
    .string()
    .regex(/^tests\/[\w./-]+\.test\.ts$/, 'a test file of this repository')
    .optional(),
  /** For the maintainer: where the facts come from, what is open. */
  note: z.string().optional(),
};

interface DriverEntry {
  id: string;
  status: DriverStatus;
  provenBy?: string | undefined;
}

/** Entries of one table: ids differ, and nothing is called tested without the test that shows it. */
export function driverListOf<Entry extends z.ZodType<DriverEntry>>(entry: Entry) {
  return z
    .array(entry)
    .min(1)
    .superRefine((drivers, context) => {
      const seen = new Set<string>();
      for (const [index, { id, status, provenBy }] of drivers.entries()) {
        const complain = (message: string): void => {
          context.addIssue({ code: 'custom', path: [index], message: `${id}: ${message}` });
        };
        if (seen.has(id)) complain('driver ids must differ');
        seen.add(id);
        if ((status === 'tested-on-emulator') !== (provenBy !== undefined))
          complain('provenBy belongs to tested-on-emulator');
      }
    });
}

const serialCardReaderSchema = z.strictObject({
  ...driverEntryShape,
  link: z.literal('serial'),
  /** Tried in this order until the security module answers. */
  baudRates: z.array(z.int().min(1200).max(921_600)).min(1),
});

const endpointNumber = z.int().min(1).max(15);

const usbCardReaderSchema = z.strictObject({
  ...driverEntryShape,
  link: z.literal('usb'),
  ids: z.array(usbIdSchema).min(1),
  interfaceNumber: z.int().min(0).max(31),
  /** `whole`: a frame is one transfer on the interface's first bulk endpoints. `split`: header and length go apart from the rest. */
  pipes: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('whole') }),
    z.strictObject({
      kind: z.literal('split'),
      headOut: endpointNumber,
      restOut: endpointNumber,
      headIn: endpointNumber,
      restIn: endpointNumber,
    }),
  ]),
});

const hidCardReaderSchema = z.strictObject({
  ...driverEntryShape,
  link: z.literal('hid'),
  ids: z.array(usbIdSchema).min(1),
  report: z.strictObject({
    /** Report id; 0 where the device numbers no reports. */
    id: z.int().min(0).max(255),
    /** Bytes of a report without its id. */
    size: z.int().min(8).max(1024),
    /** What stands before the frame's bytes in each report: nothing, or their count in one or two (big-endian) bytes. */
    prefix: z.enum(['none', 'length-8', 'length-16']),
    transfer: z.enum(['interrupt', 'feature']),
    /** Pause between writing a request and fetching the reply. */
    settleMs: z.int().min(0).max(1000),
  }),
});

/** A vendor's program that owns the reader and answers on this machine; the station profile says which one is installed. */
const webCardReaderSchema = z.strictObject({
  ...driverEntryShape,
  link: z.literal('web'),
  /** How it is spoken to: scanner-agent/devices/id-card-web. */
  family: z.enum(['read-msg', 'card-idcard', 'read-cert']),
  /** Where it listens unless the profile says otherwise; on this machine only. */
  url: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }),
});

export const cardReaderDriverSchema = z.discriminatedUnion('link', [
  serialCardReaderSchema,
  usbCardReaderSchema,
  hidCardReaderSchema,
  webCardReaderSchema,
]);

/** config/drivers/card-readers.yaml. Order is preference: where two entries fit one device, the first is used. */
export const cardReaderTableSchema = z.strictObject({
  drivers: driverListOf(cardReaderDriverSchema),
});

export type CardReaderTable = z.infer<typeof cardReaderTableSchema>;
export type CardReaderDriver = z.infer<typeof cardReaderDriverSchema>;
export type UsbCardReaderDriver = z.infer<typeof usbCardReaderSchema>;
export type WebCardReaderDriver = z.infer<typeof webCardReaderSchema>;
export type HidCardReaderDriver = z.infer<typeof hidCardReaderSchema>;
