/** What config/drivers/scanners.yaml may say. Unknown keys are errors, so a misspelt setting stops the start. */
import { z } from 'zod';
import { driverEntryShape, driverListOf } from './drivers.ts';

const saneDriverSchema = z.strictObject({
  ...driverEntryShape,
  kind: z.literal('sane'),
  /** The program of Debian's sane-utils. */
  program: z.string().min(1),
  /** Devices whose name begins so are left out: cameras, and network scanners that the eSCL driver takes itself. */
  ignore: z.array(z.string()).default([]),
});

const esclDriverSchema = z.strictObject({
  ...driverEntryShape,
  kind: z.literal('escl'),
  /** Names of the services that are looked for by multicast DNS, without the leading underscore. */
  services: z.array(z.enum(['uscan', 'uscans'])).min(1),
});

const watchedFolderDriverSchema = z.strictObject({
  ...driverEntryShape,
  kind: z.literal('watched-folder'),
  /** A file whose size has not changed for so long is whole. */
  quietMs: z.int().min(200).max(60_000),
  /** Folders inside the watched one, for files that were taken in and for files that cannot be opened. */
  doneFolder: z.string().min(1),
  refusedFolder: z.string().min(1),
});

const vendorServiceDriverSchema = z.strictObject({
  ...driverEntryShape,
  kind: z.literal('vendor-service'),
  /** Loopback address where the vendor's program listens. */
  url: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }),
  /** The camera of the device that looks at the paper. */
  cameraIndex: z.int().min(0).max(7),
});

export const scannerDriverSchema = z.discriminatedUnion('kind', [
  saneDriverSchema,
  esclDriverSchema,
  watchedFolderDriverSchema,
  vendorServiceDriverSchema,
]);

/** config/drivers/scanners.yaml. Order is preference: the first scanner that is ready is offered first. */
export const scannerTableSchema = z.strictObject({
  drivers: driverListOf(scannerDriverSchema),
});

export type ScannerTable = z.infer<typeof scannerTableSchema>;
export type ScannerDriver = z.infer<typeof scannerDriverSchema>;
export type SaneDriver = z.infer<typeof saneDriverSchema>;
export type EsclDriver = z.infer<typeof esclDriverSchema>;
export type WatchedFolderDriver = z.infer<typeof watchedFolderDriverSchema>;
export type VendorServiceDriver = z.infer<typeof vendorServiceDriverSchema>;

/** A scanner that the station profile names, because it cannot be found by looking, or must not be. */
export const configuredScannerSchema = z.strictObject({
  /** Id of an entry of the table. */
  driver: z.string(),
  /** SANE device name, address of an eSCL scanner (`http://host:port/eSCL`), or folder. */
  address: z.string().min(1),
  /** Shown to people; by default what the device calls itself. */
  name: z.string().min(1).max(60).optional(),
  simulated: z.boolean().default(false),
});
export type ConfiguredScanner = z.infer<typeof configuredScannerSchema>;
