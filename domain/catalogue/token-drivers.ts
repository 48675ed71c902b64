import { z } from 'zod';

/** How far a driver's entry has been tried; shown in the device table, never assumed. */
export const testedOnSchema = z.enum(['hardware', 'emulator', 'nothing']);

const libraryFileSchema = z.strictObject({
  platform: z.enum(['linux', 'win32', 'darwin']),
  /** Node's names. A library of another bitness cannot be loaded into the driver's process. */
  arch: z.enum(['x64', 'arm64', 'loong64', 'ia32']),
  /** Absolute; the vendor's installer puts it there. */
  path: z.string().min(1),
});

const commonShape = {
  id: z.string().regex(/^[a-z0-9-]+$/),
  /** Shown to people, with 模拟 in it where nothing real is behind it. */
  name: z.string().min(1),
  simulated: z.boolean().default(false),
  testedOn: testedOnSchema,
  libraries: z.array(libraryFileSchema).min(1),
  /** Variables that the library reads; set in its own process only. */
  environment: z.record(z.string(), z.string()).default({}),
  pin: z
    .strictObject({ minLength: z.int().min(1), maxLength: z.int().max(255) })
    .default({ minLength: 6, maxLength: 16 }),
  /** Tries before the token locks, where the vendor says; PKCS#11 itself has no such number. */
  maxTries: z.int().positive().optional(),
  source: z.string().optional(),
  /** Where the vendor gives the driver, and the version that was tried. */
  download: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }), version: z.string().min(1).exactOptional() })
    .exactOptional(),
};

/** A text of fixed width inside DEVINFO. */
const textPlaceSchema = z.strictObject({ offset: z.int().min(0), length: z.int().positive() });

/** Where SKF libraries (GM/T 0016) differ from one another. The defaults are the standard's. */
const skfTraitsSchema = z.strictObject({
  /** Width of ULONG: the standard says 4; some Linux libraries were compiled with `unsigned long`. */
  ulongBytes: z.union([z.literal(4), z.literal(8)]).default(4),
  /** DEVINFO: room to give, and where the two texts stand in it (packed to 1 byte in the standard). */
  deviceInfo: z
    .strictObject({
      bytes: z.int().min(64).max(65_536),
      label: textPlaceSchema,
      serialNumber: textPlaceSchema,
    })
    .default({
      bytes: 1024,
      label: { offset: 130, length: 32 },
      serialNumber: { offset: 162, length: 32 },
    }),
  /** Of device, application and container names and of the label. */
  nameEncoding: z.enum(['gbk', 'utf-8']).default('gbk'),
  /** Only these applications are opened; none named: all. */
  applications: z.array(z.string().min(1)).default([]),
  /** Who makes SM3 with the signer's identity (Z): the token by SKF_DigestInit, or the station itself. */
  sm2DigestBy: z.enum(['token', 'station']).default('token'),
});
export type SkfTraits = z.infer<typeof skfTraitsSchema>;

/** One kind of signing token: which vendor library speaks to it and what that library is like. */
export const tokenDriverSchema = z.discriminatedUnion('api', [
  z.strictObject({ ...commonShape, api: z.literal('pkcs11') }),
  z.strictObject({ ...commonShape, api: z.literal('skf'), skf: skfTraitsSchema.prefault({}) }),
]);
export type TokenDriver = z.infer<typeof tokenDriverSchema>;

export const signingTokensFileSchema = z.strictObject({
  drivers: z.array(tokenDriverSchema).superRefine((drivers, context) => {
    const seen = new Set<string>();
    drivers.forEach(({ id }, index) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: [index, 'id'], message: `driver ${id} is listed twice` });
      seen.add(id);
    });
  }),
  /** TrueType fonts for the seal's text; the first that exists is used. */
  sealFonts: z.array(z.string().min(1)).min(1),
  /** Words on a paper beside which a seal belongs, best first. */
  sealKeywords: z.array(z.string().min(2)).default([]),
});
export type SigningTokensFile = z.infer<typeof signingTokensFileSchema>;
