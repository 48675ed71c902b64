/** What a server can be told. Unknown keys are errors. Only this file and main.ts know the environment. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { accountViewSchema } from '#domain/contracts/desk/session.ts';
import { stationIdSchema } from '#domain/primitives.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { readAuthorities } from '#sealing/read-certificates.ts';
import { earlierMobileCheckSchema, nameTokens, serviceSettingsSchema } from './service-settings.ts';

const path = z.string().min(1);
const inHere = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** One address or a network; not the whole world, whose every caller could name itself as it likes. */
const networkSchema = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
    error: '受信任的代理须写成 IP 地址或网段，如 10.1.2.3 或 10.1.0.0/16',
  })
  .refine((text) => !text.endsWith('/0'), { error: '不能信任所有地址：请只写代理所在的地址或网段' });

export const serverSettingsSchema = z.strictObject({
  /** Of one process: unfinished pages, and what is not kept elsewhere (database, pages, key, the next enrolment code). */
  dataFolder: path,
  /** `postgres://user@host/name`: then several processes may share it. Without it SQLite in the data folder. */
  database: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** `s3://bucket/prefix?region=…&endpoint=https://…` for sealed PDFs and pages. Without it files in the data folder. */
  blobs: z.url({ protocol: /^s3$/ }).optional(),
  /** Without them the machine's own: environment, profile, role. */
  s3Credentials: z
    .strictObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) })
    .optional(),
  /** PEM of the server's Ed25519 key, the same for every process of an installation. Without it `server-key.pem` in the data folder. */
  keyFile: path.optional(),
  /** Public keys (`age1…`) that backups are encrypted to; any one of their private keys opens them. */
  backup: z.strictObject({ recipients: z.array(z.string().min(1)).default([]) }).prefault({}),
  /** Between "not ready" and the end of connections: time for a proxy to send nobody here any more. */
  drainSeconds: z.int().nonnegative().max(600).default(0),
  /** Unfinished uploads that nobody touched for so long are removed; the station starts them again. */
  keepUploadsDays: z.int().positive().default(30),
  /** Of what is sent down to stations, only the last word on each thing is kept after so long. */
  keepChangesDays: z.int().positive().default(365),
  host: z.string().min(1).default('127.0.0.1'),
  /** 0: any free one. */
  port: z.int().min(0).max(65_535).default(8720),
  /** PEM files of the certificate (with its intermediates) and its key: then it speaks TLS itself. Without them a proxy does. */
  tls: z.strictObject({ certFile: path, keyFile: path }).optional(),
  /** Allows a server without TLS to be reached from other machines: for a closed test network only. */
  allowPlainHttp: z.boolean().default(false),
  /** As browsers name this server, where that differs from `http://host:port`: behind a proxy that ends TLS. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /**
   * Addresses and networks (`10.1.0.0/16`) of the proxies before this server: of what they say in X-Forwarded-For the caller's
   * address is taken, which the limits of sign-in count by. Without it a proxy on this machine, where there is a `publicUrl`.
   */
  trustedProxies: z.array(networkSchema).max(100).optional(),
  /** Where the station program of a user's own computer listens: CA登录 in a browser reaches the key through it. */
  stationProgram: z
    .url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ })
    .default('http://127.0.0.1:8710'),
  consoleFolder: path.default(inHere('consoles/dist')),
  /** The configuration folder with programmes, certificates and workflows. */
  catalogueFolder: path.optional(),
  /** PEM of the certification authorities whose seals are accepted; one text may hold several, in any order. */
  trustAnchors: z
    .array(z.string().includes('BEGIN CERTIFICATE'))
    .default([])
    .transform((texts) => texts.flatMap(oneEach)),
  /** PEM of the time authorities whose stamps on seals prove a time. */
  timestampAnchors: z.array(z.string().includes('BEGIN CERTIFICATE')).default([]),
  /** Addresses and files of the certification authorities' revocation lists. */
  revocationLists: z.array(z.string().min(1)).default([]),
  /** Refuse a seal where no list answers for its certificate, or only one that has run out. */
  mustKnowRevocation: z.boolean().default(false),
  /** Without it a one-time code is made and kept in `enrolment-code` in the data folder. */
  enrolment: z.strictObject({ code: z.string().min(8), reusable: z.boolean().default(false) }).optional(),
  /** Stations that are known without enrolment. */
  stations: z
    .array(z.strictObject({ id: stationIdSchema, name: z.string().min(1), publicKey: z.string() }))
    .default([]),
  /** Made at the first start; later changes of a password here have no effect. */
  accounts: z.array(z.strictObject({ ...accountViewSchema.shape, password: z.string().min(10) })).default([]),
  /** Adds an account for showing the product. Only on loopback. */
  demo: z.boolean().default(false),
  /**
   * 服务端复核: every submission is checked again on the server, on the same pixels, before it is stored. It takes about a
   * processor second a page and about 1 GB for the reader's process; a small server may leave it out.
   */
  secondReading: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Folder with manifest.json and the files it names. */
      modelFolder: path.default(inHere('../models/weights')),
      packId: z.string().exactOptional(),
    })
    .prefault({}),
  /**
   * Pictures that strangers upload for a registration are read into its form, in a process of its own beside that of
   * `secondReading`, with the same models; without it they type.
   */
  uploadReading: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  /** Departments whose own systems are told of their cases; the others look at the desk. */
  departments: z
    .array(
      z.strictObject({
        /** As the programmes name it. */
        name: z.string().min(1),
        url: z.url({ protocol: /^https?$/ }),
        token: z.string().min(1).exactOptional(),
        timeoutSeconds: z.int().min(1).max(120).default(20),
      }),
    )
    .default([]),
  /** Whom the server asks about persons and units, and who sends its messages; what is not there, it cannot do, and says so. */
  services: serviceSettingsSchema.prefault({}),
  /** Before there was `services.mobileCheck`. */
  mobileCheck: earlierMobileCheckSchema,
  /** Shows `/metrics` to the bearer of the token; without it there is none. */
  metrics: z.strictObject({ token: z.string().min(16) }).optional(),
  /** What one station may send in a day; more waits, and an alarm is raised. */
  stationBytesPerDay: z
    .int()
    .positive()
    .default(20 * 1024 * 1024 * 1024),
  /** Uploads wait while the disk has less. */
  minFreeBytes: z
    .int()
    .nonnegative()
    .default(512 * 1024 * 1024),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
});
export type ServerSettings = z.infer<typeof serverSettingsSchema>;
export type ServerSettingsInput = z.input<typeof serverSettingsSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * LUDENG_SERVER_SETTINGS names a YAML file with the keys above; the other variables go over it:
 * LUDENG_SERVER_TLS_CERT with _TLS_KEY, LUDENG_SERVER_DATA, _DATABASE, _BLOBS, _KEY_FILE, _BACKUP_RECIPIENTS (joined by commas), _DRAIN_SECONDS, _HOST, _PORT, _PUBLIC_URL, _TRUSTED_PROXIES (joined by commas), _TRUST (files or folders
 * of authorities' certificates, joined by colons), _DEMO (1),
 * _LOG_LEVEL, _METRICS_TOKEN, _SECOND_READING (0: off), _SERVICES (a YAML file with what `services` holds), LUDENG_CONFIG (the configuration folder, of a station too), and LUDENG_ENROLMENT_CODE (with LUDENG_ENROLMENT_REUSABLE=1 for any number of stations).
 */
export function readSettings(env: Environment): ServerSettings {
  const file = env['LUDENG_SERVER_SETTINGS'];
  const base: unknown = file === undefined ? {} : parse(readFileSync(file, 'utf8'));
  const trust = env['LUDENG_SERVER_TRUST'];
  const code = env['LUDENG_ENROLMENT_CODE'];
  const servicesFile = env['LUDENG_SERVER_SERVICES'];
  const over = {
    dataFolder: env['LUDENG_SERVER_DATA'],
    database: env['LUDENG_SERVER_DATABASE'],
    blobs: env['LUDENG_SERVER_BLOBS'],
    keyFile: env['LUDENG_SERVER_KEY_FILE'],
    catalogueFolder: env['LUDENG_CONFIG'],
    backup:
      env['LUDENG_SERVER_BACKUP_RECIPIENTS'] === undefined
        ? undefined
        : { recipients: env['LUDENG_SERVER_BACKUP_RECIPIENTS'].split(/[\s,]+/).filter(Boolean) },
    drainSeconds: numberOf(env['LUDENG_SERVER_DRAIN_SECONDS']),
    host: env['LUDENG_SERVER_HOST'],
    port: numberOf(env['LUDENG_SERVER_PORT']),
    publicUrl: env['LUDENG_SERVER_PUBLIC_URL'],
    trustedProxies: env['LUDENG_SERVER_TRUSTED_PROXIES']?.split(',').map((one) => one.trim()),
    tls:
      env['LUDENG_SERVER_TLS_CERT'] === undefined
        ? undefined
        : { certFile: env['LUDENG_SERVER_TLS_CERT'], keyFile: env['LUDENG_SERVER_TLS_KEY'] },
    trustAnchors: trust === undefined ? undefined : trust.split(':').flatMap(readCertificates),
    metrics:
      env['LUDENG_SERVER_METRICS_TOKEN'] === undefined
        ? undefined
        : { token: env['LUDENG_SERVER_METRICS_TOKEN'] },
    demo: env['LUDENG_SERVER_DEMO'] === undefined ? undefined : env['LUDENG_SERVER_DEMO'] === '1',
    logLevel: env['LUDENG_SERVER_LOG_LEVEL'],
    secondReading:
      env['LUDENG_SERVER_SECOND_READING'] === undefined
        ? undefined
        : { enabled: env['LUDENG_SERVER_SECOND_READING'] === '1' },
    services: servicesFile === undefined ? undefined : (parse(readFileSync(servicesFile, 'utf8')) as unknown),
    enrolment: code === undefined ? undefined : { code, reusable: env['LUDENG_ENROLMENT_REUSABLE'] === '1' },
  };
  return serverSettingsSchema.parse({
    dataFolder: join('var', 'server'),
    ...z.record(z.string(), z.unknown()).parse(base ?? {}),
    ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)),
  });
}

/** A password, a code or a token: then the file they stand in is for the server's account alone. */
export const namesSecrets = (settings: ServerSettings): boolean =>
  settings.database !== undefined ||
  settings.s3Credentials !== undefined ||
  settings.enrolment !== undefined ||
  settings.metrics !== undefined ||
  settings.accounts.length > 0 ||
  settings.departments.some(({ token }) => token !== undefined) ||
  settings.mobileCheck?.token !== undefined ||
  nameTokens(settings.services);

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** The parts of `s3://bucket/prefix?region=…&endpoint=…`. */
export function readS3Place(text: string): {
  bucket: string;
  prefix: string;
  region: string;
  endpoint: string | undefined;
} {
  const { hostname, pathname, searchParams } = new URL(text);
  const folder = pathname.replace(/^\/+|\/+$/g, '');
  return {
    bucket: hostname,
    prefix: folder === '' ? '' : `${folder}/`,
    region: searchParams.get('region') ?? 'us-east-1',
    endpoint: searchParams.get('endpoint') ?? undefined,
  };
}

/** As PEM: the authorities in a file (PEM, DER, PKCS#7; one or a bundle in any order), or in those of a folder. */
export function readCertificates(place: string): string[] {
  const files = statSync(place).isDirectory()
    ? readdirSync(place)
        .filter((name) => /\.(?:pem|crt|cer|der|p7b|p7c)$/i.test(name))
        .sort()
        .map((name) => join(place, name))
    : [place];
  return files.flatMap((file) => authoritiesIn(file).map(toPem));
}

/** A bundle as its single authorities: each is told, shown and dropped by itself. What cannot be read fails at its use. */
function oneEach(text: string): string[] {
  try {
    return readAuthorities(Buffer.from(text)).map(toPem);
  } catch {
    return [text];
  }
}

function authoritiesIn(file: string): Uint8Array[] {
  try {
    return readAuthorities(readFileSync(file));
  } catch (error) {
    throw new AppError('TRUST_FILE_UNREADABLE', { file }, { cause: error });
  }
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
