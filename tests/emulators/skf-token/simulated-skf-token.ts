/**
 * The simulated SKF UKey (模拟国密UKey): token.c with a company's SM2 or RSA certificates from demo authorities. It
 * speaks real SKF to the real driver. Everything lies in one folder and is made anew at every call.
 */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tokenDriverSchema } from '#domain/catalogue/token-drivers.ts';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { createAuthority, generateKeys, issueCredential } from '../signing-token/demo-ca.ts';
import type { Authority, Validities } from '../signing-token/demo-ca.ts';
import { encodeGbk } from './encode-gbk.ts';

export interface SkfContainer {
  name: string;
  keyKind: 'sm2' | 'rsa';
  companyName: string;
  creditCode: string;
  /** Default: from yesterday, three years. */
  validity?: Validities;
  hasEncryptionCertificate?: boolean;
}

export interface SkfDevice {
  name: string;
  label: string;
  serialNumber: string;
  /** `pin` is the factory's: using it counts as the default PIN. */
  applications: { name: string; pin: string; containers: SkfContainer[] }[];
}

/** What the token in the hand does next; see token.c. `device` narrows it to one of several. */
export type SkfFault =
  | 'removed'
  | 'remove-at-verify'
  | 'remove-after-verify'
  | 'remove-at-sign'
  | 'hang-at-list'
  | 'hang-at-sign'
  | 'crash-at-list'
  | 'crash-at-sign'
  | 'small-buffer'
  | 'growing-lists'
  | 'no-applications'
  | 'no-containers'
  | 'odd-at-sign'
  | 'wrong-signature'
  | 'logged-in';

export type SkfDriver = Extract<TokenDriver, { api: 'skf' }>;

export interface SimulatedSkfToken {
  driver: SkfDriver;
  /** Issues the certificates on SM2 keys and on RSA keys. */
  authorities: Record<SkfContainer['keyKind'], Authority>;
  /** Replaces whatever trouble was set before; none: plugged in and well. */
  setFault(...troubles: { trouble: SkfFault; device?: string }[]): Promise<void>;
  /** Every PIN is the factory's again and has all its tries. */
  unlock(): Promise<void>;
}

/** `wide` compiles the library with 8-byte ULONGs and another DEVINFO. Throws with a sentence for people where it cannot. */
export async function prepareSkfTokens({
  folder,
  devices,
  maxTries = 6,
  wide = false,
  skf = {},
}: {
  folder: string;
  devices: readonly SkfDevice[];
  maxTries?: number;
  wide?: boolean;
  skf?: Partial<SkfDriver['skf']>;
}): Promise<SimulatedSkfToken> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const library = await compileToken(folder, wide);
  const authorities = { sm2: openAuthority('sm2'), rsa: openAuthority('rsa') };
  const lines: string[] = [];
  let applications = 0;
  for (const device of devices) {
    lines.push(`device ${device.name}`, `label ${device.label}`, `serial ${device.serialNumber}`);
    for (const application of device.applications) {
      applications++;
      lines.push(`application ${application.name}`, `pin ${application.pin}`);
      for (const container of application.containers) {
        const prefix = randomBytes(6).toString('hex');
        await writeContainer(join(folder, prefix), authorities[container.keyKind], container);
        lines.push(`container ${container.name}`, `files ${prefix}`);
      }
    }
  }
  await writeFile(join(folder, 'tree'), encodeGbk(lines.map((line) => `${line}\n`).join('')));
  const wideTraits = {
    ulongBytes: 8,
    deviceInfo: { bytes: 512, label: { offset: 136, length: 32 }, serialNumber: { offset: 200, length: 32 } },
  };

  return {
    driver: tokenDriverSchema.parse({
      id: 'simulated-skf',
      name: '模拟国密UKey',
      api: 'skf',
      simulated: true,
      testedOn: 'emulator',
      libraries: [{ platform: process.platform, arch: process.arch, path: library }],
      environment: { SKF_TOKEN_FOLDER: folder, SKF_TOKEN_TRIES: String(maxTries) },
      skf: { ...(wide ? wideTraits : {}), ...skf },
    }) as SkfDriver, // its api is given above
    authorities,
    setFault: (...troubles) =>
      writeFile(
        join(folder, 'control'),
        encodeGbk(
          troubles.map(({ trouble, device }) => [trouble, device].filter(Boolean).join(':') + '\n').join(''),
        ),
      ),
    async unlock() {
      for (let number = 0; number < applications; number++) {
        await rm(join(folder, `tries-${number}`), { force: true });
        await rm(join(folder, `pin-${number}`), { force: true });
      }
    },
  };
}

async function writeContainer(prefix: string, authority: Authority, container: SkfContainer): Promise<void> {
  const { companyName, creditCode, keyKind, validity = yearsFromNow(3) } = container;
  const uses = container.hasEncryptionCertificate ? (['sign', 'encrypt'] as const) : (['sign'] as const);
  for (const use of uses) {
    const keys = generateKeys(keyKind);
    const certificate = issueCredential(authority, {
      subject: { companyName, creditCode },
      publicKey: keys.publicKey,
      serialNumber: randomBytes(8),
      validity,
      use,
    });
    await writeFile(`${prefix}-${use}.der`, certificate);
    if (use === 'sign') {
      await writeFile(`${prefix}-sign.key`, keys.privateKey.export({ type: 'pkcs8', format: 'der' }), {
        mode: 0o600,
      });
    }
  }
}

async function compileToken(folder: string, wide: boolean): Promise<string> {
  const source = fileURLToPath(new URL('./token.c', import.meta.url));
  const hash = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 12);
  const library = join(folder, `skf-token-${hash}${wide ? '-wide' : ''}.so`);
  if (existsSync(library)) return library;
  const options = ['-shared', '-fPIC', ...(wide ? ['-DWIDE'] : []), '-o', library, source, '-lcrypto'];
  try {
    await promisify(execFile)('cc', options);
  } catch (error) {
    throw new Error(
      'the simulated SKF UKey needs a C compiler and OpenSSL (Debian: apt install gcc libssl-dev)',
      {
        cause: error,
      },
    );
  }
  return library;
}

function openAuthority(kind: 'sm2' | 'rsa'): Authority {
  return createAuthority(kind === 'sm2' ? '绿灯站模拟国密认证中心' : '绿灯站模拟认证中心', {
    ...yearsFromNow(10),
    serialNumber: randomBytes(8),
    keys: generateKeys(kind),
  });
}

function yearsFromNow(years: number): Validities {
  const day = 86_400_000;
  return {
    notBefore: new Date(Date.now() - day).toISOString(),
    notAfter: new Date(Date.now() + years * 365 * day).toISOString(),
  };
}
