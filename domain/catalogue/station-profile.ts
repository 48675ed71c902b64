/** What a station profile says (config/stations, or a file of its own on the station). Unknown keys are errors. */
import { z } from 'zod';
import { idSchema } from './ids.ts';
import { stationIdSchema } from '../primitives.ts';
import { configuredScannerSchema } from './scanner-drivers.ts';
import { tokenDriverSchema } from './token-drivers.ts';

/** A vendor's decoder of the ID card's photo (WLT): docs/devices/id-card-readers.md says how it is spoken to. */
const cardPhotoHelperSchema = z.strictObject({
  /** Absolute, or a name that is found in PATH. */
  program: z.string().min(1),
  args: z.array(z.string()).default([]),
  timeoutMs: z.int().min(200).max(30_000).default(5_000),
});
export type CardPhotoHelper = z.infer<typeof cardPhotoHelperSchema>;

export const stationProfileSchema = z.strictObject({
  stationId: stationIdSchema,
  stationName: z.string().min(1).max(100),
  programme: idSchema,
  /** Further programmes that people may choose on the first page. */
  programmes: z.array(idSchema).max(100).default([]),
  server: z.strictObject({
    url: z.url({ protocol: /^https?$/ }),
    /** One-time code from the administrator; unused once the station is enrolled. */
    enrolmentCode: z.string().min(8).max(128).optional(),
    /** Allows `http://` to a server on another machine: for a closed test network only. */
    allowPlainHttp: z.boolean().default(false),
    /** Other names of this very server, as browsers have them (`https://host:port`), whose pages may ask for the keys here (CA登录). */
    browserOrigins: z
      .array(
        z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
          error: '须为来源，如 https://ludeng.example:8443，不带路径',
        }),
      )
      .max(20)
      .default([]),
  }),
  /** Loopback port of the kiosk's page; 0 takes a free one. */
  port: z.int().min(0).max(65535).default(8710),
  /** Serial card readers, which cannot announce themselves. */
  serialCardReaders: z
    .array(
      z.strictObject({ path: z.string().min(1), driver: z.string(), simulated: z.boolean().default(false) }),
    )
    .default([]),
  /** Scanners that cannot be found by looking: folders, addresses in other networks. */
  scanners: z.array(configuredScannerSchema).default([]),
  /** Whether scanners on USB and in the network are looked for. */
  findScanners: z.boolean().default(true),
  /** Vendors' programs on this station that own a card reader (`web` entries of config/drivers/card-readers.yaml). */
  cardReaderServices: z
    .array(
      z.strictObject({
        driver: z.string(),
        url: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }).optional(),
        simulated: z.boolean().default(false),
      }),
    )
    .default([]),
  cardPhotoHelper: cardPhotoHelperSchema.optional(),
  /** Token drivers besides those of config/drivers/signing-tokens.yaml. */
  tokenDrivers: z.array(tokenDriverSchema).default([]),
  /** PEM files of authorities accepted besides those that the server names. */
  trustAnchorFiles: z.array(z.string()).default([]),
  /** Addresses and files of the authorities' revocation lists; refuse what none of them can answer for: `mustKnow`. */
  revocation: z
    .strictObject({ lists: z.array(z.string().min(1)).default([]), mustKnow: z.boolean().default(false) })
    .default({ lists: [], mustKnow: false }),
  /** A time authority (RFC 3161) for every seal, and PEM files of those whose stamps prove a time. */
  timestamp: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }), anchorFiles: z.array(z.string()).min(1) })
    .optional(),
  /** Chinese names of what is simulated, for the banner. */
  simulated: z.array(z.string()).default([]),
  /** 帮办代办: by the code of their office, whose staff may act for people at this counter, each with a key in the own name. */
  assistants: z
    .array(z.strictObject({ creditCode: z.string().min(1).max(64) }))
    .max(100)
    .default([]),
  /** Pages that the server has acknowledged leave the station after this many days. */
  keepDays: z.int().min(1).default(30),
  /** Drafts and unsorted scans that nobody has touched for so many hours are destroyed; people are told when they log out. */
  keepDraftsHours: z
    .int()
    .min(1)
    .max(366 * 24)
    .default(7 * 24),
  idle: z
    .strictObject({ endAfterMs: z.int().min(30_000), warnBeforeMs: z.int().min(20_000) })
    .default({ endAfterMs: 300_000, warnBeforeMs: 60_000 }),
});
export type StationProfile = z.infer<typeof stationProfileSchema>;

/** All that this station offers, its own first, each once. */
export const programmesOf = ({ programme, programmes }: StationProfile): string[] => [
  ...new Set([programme, ...programmes]),
];
