/**
 * The simulated UKey (模拟UKey): SoftHSM behind the shim, with a company's certificate from a demo authority. It speaks
 * real PKCS#11 to the real driver. Everything lies in one folder and is kept there between starts.
 */
import { execFile, fork } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { tokenDriverSchema } from '#domain/catalogue/token-drivers.ts';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { readRawNames } from '#sealing/certificate.ts';
import { createAuthority, generateKeys, issueCredential } from './demo-ca.ts';
import type { Authority, Validities } from './demo-ca.ts';
import type { TokenOrder } from './write-token.ts';

export interface SimulatedHolder {
  companyName: string;
  creditCode: string;
  /** 6 to 16 characters. */
  pin: string;
  keyKind?: 'rsa' | 'ec';
  /** A key of a person of this company (法定代表人): the certificate's common name. */
  personName?: string;
  /** Default: from yesterday, three years. */
  validity?: Validities;
  /** Puts an encryption certificate beside the signing one, as two-certificate keys have it. */
  hasEncryptionCertificate?: boolean;
  label?: string;
}

/** What the token in the hand does next; see shim.c. `serialNumber` narrows it to one of several tokens. */
export type TokenFault =
  | 'removed'
  | 'remove-at-login'
  | 'remove-after-login'
  | 'remove-at-sign'
  | 'odd-at-sign'
  | 'hang-at-sign'
  | 'hang-at-list'
  | 'crash-at-sign'
  | 'crash-at-list';

export interface SimulatedToken {
  driver: TokenDriver;
  caCertificateDer: Uint8Array;
  authority: Authority;
  tokens: z.infer<typeof tokenSchema>[];
  /** Replaces whatever trouble was set before; none: plugged in and well. */
  setFault(...troubles: { trouble: TokenFault; serialNumber?: string }[]): Promise<void>;
  /** What the authority's counter does: unlocks every token of the folder. */
  unlock(): Promise<void>;
}

const tokenSchema = z.object({
  serialNumber: z.string(),
  companyName: z.string(),
  creditCode: z.string(),
  /** DER, base64; not of tokens that an earlier version left in the folder. */
  signingCertificate: z.string().exactOptional(),
});
const recordSchema = z.object({ fingerprint: z.string(), tokens: z.array(tokenSchema) });

const here = dirname(fileURLToPath(import.meta.url));
const softHsmPlaces = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
];

/** One simulated UKey in `folder`; see prepareSimulatedTokens. */
export function prepareSimulatedToken({
  folder,
  maxTries,
  ...holder
}: SimulatedHolder & { folder: string; maxTries?: number }): Promise<SimulatedToken> {
  return prepareSimulatedTokens({
    folder,
    holders: [holder],
    ...(maxTries === undefined ? {} : { maxTries }),
  });
}

/**
 * Makes the tokens, or takes those that an earlier start with the same holders left in `folder`. The authority stays
 * the same when holders change. Throws with a sentence for people where SoftHSM or a C compiler is missing.
 */
export async function prepareSimulatedTokens({
  folder,
  holders,
  maxTries = 6,
}: {
  folder: string;
  holders: readonly SimulatedHolder[];
  maxTries?: number;
}): Promise<SimulatedToken> {
  const softHsm = softHsmPlaces.find((place) => existsSync(place));
  if (!softHsm)
    throw new Error('SoftHSM is not installed: the simulated UKey needs it (Debian: apt install softhsm2)');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const environment = {
    SOFTHSM2_CONF: join(folder, 'softhsm2.conf'),
    TOKEN_SHIM_LIBRARY: softHsm,
    TOKEN_SHIM_FOLDER: folder,
    TOKEN_SHIM_TRIES: String(maxTries),
  };
  const shim = await compileShim(folder);
  const authority = await openAuthority(folder);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(holders.map(({ pin, ...holder }) => ({ ...holder, pin: hash(pin) }))))
    .digest('hex');
  const kept = await readRecord(folder);
  const tokens =
    kept?.fingerprint === fingerprint
      ? kept.tokens
      : await writeTokens({ folder, softHsm, environment, authority, holders });
  await writeFile(join(folder, 'token.json'), JSON.stringify({ fingerprint, tokens }, undefined, 2));

  const control = join(folder, 'control');
  return {
    driver: tokenDriverSchema.parse({
      id: 'simulated',
      name: '模拟UKey',
      api: 'pkcs11',
      simulated: true,
      testedOn: 'emulator',
      libraries: [{ platform: process.platform, arch: process.arch, path: shim }],
      environment,
      maxTries,
    }),
    caCertificateDer: authority.certificateDer,
    authority,
    tokens,
    setFault: (...troubles) =>
      writeFile(
        control,
        troubles
          .map(({ trouble, serialNumber }) => [trouble, serialNumber].filter(Boolean).join(':') + '\n')
          .join(''),
      ),
    async unlock() {
      for (const { serialNumber } of tokens) await rm(join(folder, `tries-${serialNumber}`), { force: true });
    },
  };
}

async function compileShim(folder: string): Promise<string> {
  const source = join(here, 'shim.c');
  const library = join(folder, `token-shim-${hash(await readFile(source)).slice(0, 12)}.so`);
  if (existsSync(library)) return library;
  const headers = join(dirname(createRequire(import.meta.url).resolve('pkcs11js')), 'includes', 'pkcs11');
  try {
    await promisify(execFile)('cc', ['-shared', '-fPIC', `-I${headers}`, '-o', library, source, '-ldl']);
  } catch (error) {
    throw new Error('the simulated UKey needs a C compiler named cc (Debian: apt install gcc libc6-dev)', {
      cause: error,
    });
  }
  return library;
}

async function openAuthority(folder: string): Promise<Authority> {
  const [keyFile, certificateFile] = [join(folder, 'ca-key.pem'), join(folder, 'ca-certificate.der')];
  const keys = existsSync(keyFile) ? readKeys(await readFile(keyFile, 'utf8')) : generateKeys('rsa');
  const certificate = existsSync(certificateFile) ? await readFile(certificateFile) : undefined;
  const authority = createAuthority('绿灯站模拟认证中心', {
    ...yearsFromNow(10),
    serialNumber: randomBytes(8),
    keys,
  });
  if (certificate) return { ...authority, certificateDer: new Uint8Array(certificate) };
  await writeFile(keyFile, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(certificateFile, authority.certificateDer);
  return authority;
}

function readKeys(pem: string): ReturnType<typeof generateKeys> {
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

interface WriteJob {
  folder: string;
  softHsm: string;
  environment: Record<string, string>;
  authority: Authority;
  holders: readonly SimulatedHolder[];
}

async function writeTokens({
  folder,
  softHsm,
  environment,
  authority,
  holders,
}: WriteJob): Promise<SimulatedToken['tokens']> {
  const store = join(folder, 'tokens');
  await rm(store, { recursive: true, force: true });
  await mkdir(store, { mode: 0o700 });
  await writeFile(join(folder, 'control'), '');
  await writeFile(
    join(folder, 'softhsm2.conf'),
    [
      `directories.tokendir = ${store}`,
      'objectstore.backend = file',
      'log.level = ERROR',
      'slots.removable = true',
      '',
    ].join('\n'),
  );
  const tokens: SimulatedToken['tokens'] = [];
  for (const holder of holders) {
    const { companyName, creditCode, pin, label = '模拟UKey' } = holder;
    const order: TokenOrder = { label, pin, objects: issueObjects(authority, holder) };
    const serialNumber = await writeOne(softHsm, environment, order);
    await rm(join(folder, `tries-${serialNumber}`), { force: true });
    const [signing] = order.objects;
    tokens.push({
      ...{ serialNumber, companyName, creditCode },
      ...(signing ? { signingCertificate: Buffer.from(signing.certificateDer).toString('base64') } : {}),
    });
  }
  return tokens;
}

function issueObjects(authority: Authority, holder: SimulatedHolder): TokenOrder['objects'] {
  const uses = holder.hasEncryptionCertificate ? (['sign', 'encrypt'] as const) : (['sign'] as const);
  return uses.map((use) => {
    const keys = generateKeys(holder.keyKind ?? 'rsa');
    const certificateDer = issueCredential(authority, {
      subject: {
        companyName: holder.companyName,
        creditCode: holder.creditCode,
        ...(holder.personName ? { commonName: holder.personName } : {}),
      },
      publicKey: keys.publicKey,
      serialNumber: randomBytes(8),
      validity: holder.validity ?? yearsFromNow(3),
      use,
    });
    return {
      keyId: randomBytes(8).toString('hex'),
      label: use === 'sign' ? '签名证书' : '加密证书',
      privateKeyPkcs8: keys.privateKey.export({ type: 'pkcs8', format: 'der' }),
      certificateDer,
      subjectDer: readRawNames(certificateDer).subject,
    };
  });
}

function writeOne(softHsm: string, environment: Record<string, string>, order: TokenOrder): Promise<string> {
  const child = fork(join(here, 'write-token.ts'), [softHsm], {
    env: environment,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      const answer = z
        .union([z.object({ serialNumber: z.string() }), z.object({ failure: z.string() })])
        .parse(message);
      if ('failure' in answer)
        reject(new Error(`the simulated UKey could not be written: ${answer.failure}`));
      else resolve(answer.serialNumber);
    });
    child.once('exit', (code) => reject(new Error(`the simulated UKey could not be written (exit ${code})`)));
    child.send(order);
  });
}

async function readRecord(folder: string): Promise<z.infer<typeof recordSchema> | undefined> {
  const file = join(folder, 'token.json');
  if (!existsSync(file) || !existsSync(join(folder, 'tokens'))) return undefined;
  return recordSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
}

function yearsFromNow(years: number): Validities {
  const day = 86_400_000;
  return {
    notBefore: new Date(Date.now() - day).toISOString(),
    notAfter: new Date(Date.now() + years * 365 * day).toISOString(),
  };
}

function hash(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}
