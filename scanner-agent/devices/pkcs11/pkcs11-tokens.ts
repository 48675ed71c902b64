import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { certificateFingerprint, describeCertificate } from '#sealing/certificate.ts';
import { ecdsaRawToDer } from '#sealing/der.ts';
import { isSignatureOf } from '#sealing/signature.ts';
import type { SignRequest, SigningTokens, Token, TokenCertificate } from '../../ports/signing-token.ts';
import { readPinState } from './failures.ts';
import { createLibraryProcess } from './library-process.ts';
import type { LibraryProcess, Patience } from './library-process.ts';
import type { HostToken } from './messages.ts';

export interface TokenDriverHealth {
  id: string;
  name: string;
  simulated: boolean;
  testedOn: TokenDriver['testedOn'];
  state: 'ready' | 'not-installed' | 'fault';
  errorCode?: ErrorCode;
}

export interface Pkcs11Tokens extends SigningTokens {
  /** One line a driver, as of the last call; waits for nothing. */
  health(): TokenDriverHealth[];
}

interface Installed {
  driver: TokenDriver;
  library: LibraryProcess;
}

// RFC 8017 §9.2 note 1: DigestInfo for SHA-256; CKM_RSA_PKCS pads but does not add it
const sha256DigestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const driverFaults = new Set<ErrorCode>(['DEVICE_FAULT', 'DEVICE_TIMEOUT', 'DRIVER_MISSING']);

/** Every PKCS#11 token whose vendor library is installed. The list is read anew at every call. */
export function createPkcs11Tokens({
  drivers,
  environment = {},
  platform = process.platform,
  arch = process.arch,
}: {
  drivers: readonly TokenDriver[];
  /** What vendor libraries need of the station's own environment (PATH, HOME …); nothing else reaches them. */
  environment?: Readonly<Record<string, string>>;
  platform?: string;
  arch?: string;
}): Pkcs11Tokens {
  const libraries = new Map<string, LibraryProcess>();
  const faults = new Map<string, ErrorCode>();

  function findLibraryPath(driver: TokenDriver): string | undefined {
    return driver.libraries
      .filter((file) => file.platform === platform && file.arch === arch)
      .map(({ path }) => path)
      .find((path) => existsSync(path));
  }

  function findInstalled(): Installed[] {
    return drivers.flatMap((driver) => {
      const libraryPath = findLibraryPath(driver);
      if (!libraryPath) return [];
      let library = libraries.get(driver.id);
      if (!library) {
        library = createLibraryProcess({
          driver: driver.id,
          libraryPath,
          environment: { ...environment, ...driver.environment },
        });
        libraries.set(driver.id, library);
      }
      return [{ driver, library }];
    });
  }

  /** Remembers whether the driver itself works, for `health`; a wrong PIN or a missing token is no fault of its. */
  async function watch<Value>({ driver }: Installed, call: Promise<Value>): Promise<Value> {
    try {
      const value = await call;
      faults.delete(driver.id);
      return value;
    } catch (error) {
      if (error instanceof AppError && driverFaults.has(error.code)) faults.set(driver.id, error.code);
      throw error;
    }
  }

  async function listOne(entry: Installed, patience: Patience): Promise<Token[]> {
    const tokens = await watch(entry, entry.library.list(patience));
    return tokens.map((token) => toToken(token, entry.driver));
  }

  return {
    async list({ signal, timeoutMs }) {
      const installed = findInstalled();
      if (installed.length === 0) {
        throw new AppError('DRIVER_MISSING', { searched: drivers.map(({ id }) => id) });
      }
      const patience = { signal, deadline: AbortSignal.timeout(timeoutMs) };
      const answers = await Promise.allSettled(installed.map((entry) => listOne(entry, patience)));
      const tokens = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      const failed = answers.find((answer) => answer.status === 'rejected');
      // a broken driver must not hide the token that another one sees; without any token it is the reason
      if (tokens.length === 0 && failed) throw failed.reason as Error;
      return tokens;
    },

    async sign(request) {
      const { tokenId, certificateId, pin, data, signal, timeoutMs } = request;
      const entry = findInstalled().find(({ driver }) => tokenId.startsWith(`${driver.id}:`));
      if (!entry) throw new AppError('TOKEN_MISSING', { reason: 'driver-not-installed' });
      checkPinFormat(pin, entry.driver);
      const patience = { signal, deadline: AbortSignal.timeout(timeoutMs) };
      const host = (await watch(entry, entry.library.list(patience))).find(
        (token) => tokenIdOf(token, entry.driver) === tokenId,
      );
      if (!host) throw new AppError('TOKEN_MISSING');
      const token = toToken(host, entry.driver);
      if (token.pin.locked) throw new AppError('PIN_LOCKED', { driver: entry.driver.id });
      const certificate = token.certificates.find(({ id }) => id === certificateId);
      if (!certificate) throw new AppError('TOKEN_MISSING', { reason: 'certificate-changed' });
      if (certificate.use !== 'sign' || certificate.algorithm === 'SM2-SM3') {
        throw new AppError('CERTIFICATE_WRONG_USE', { algorithm: certificate.algorithm });
      }
      return watch(entry, signWith(entry, { host, certificate, pin, data }, patience));
    },

    health: () =>
      drivers.map((driver) => {
        const { id, name, simulated, testedOn } = driver;
        const errorCode = faults.get(id);
        const state = !findLibraryPath(driver) ? 'not-installed' : errorCode ? 'fault' : 'ready';
        return { id, name, simulated, testedOn, state, ...(errorCode ? { errorCode } : {}) };
      }),

    async close() {
      await Promise.all([...libraries.values()].map((library) => library.close()));
      libraries.clear();
    },
  };
}

async function signWith(
  { driver, library }: Installed,
  job: { host: HostToken; certificate: TokenCertificate; pin: string; data: SignRequest['data'] },
  patience: Patience,
): Promise<Uint8Array[]> {
  const { host, certificate, pin, data } = job;
  const kind = certificate.algorithm === 'RSA-SHA256' ? 'rsa' : 'ec';
  const raw = await library.sign(
    {
      serialNumber: host.serialNumber,
      keyId: certificate.id.slice(0, certificate.id.indexOf(':')),
      certificateDer: certificate.der,
      pin,
      kind,
      inputs: data.map((bytes) => {
        const digest = createHash('sha256').update(bytes).digest();
        return kind === 'rsa' ? Buffer.concat([sha256DigestInfo, digest]) : digest;
      }),
    },
    patience,
  );
  const signatures = raw.map((signature) => (kind === 'rsa' ? signature : ecdsaRawToDer(signature)));
  const isRight = data.every((bytes, index) => {
    const signature = signatures[index];
    return signature && isSignatureOf({ certificate: certificate.der, data: bytes, signature });
  });
  if (!isRight)
    throw new AppError('DEVICE_FAULT', { driver: driver.id, reason: 'signature-does-not-verify' });
  return signatures;
}

/** Before the token sees it: full-width digits or a slip of the finger must not cost a try. */
function checkPinFormat(pin: string, { pin: { minLength, maxLength } }: TokenDriver): void {
  if (!/^[\x21-\x7e]*$/.test(pin)) throw new AppError('PIN_FORMAT', { reason: 'characters' });
  if (pin.length < minLength || pin.length > maxLength) {
    throw new AppError('PIN_FORMAT', { reason: 'length', minLength, maxLength });
  }
}

function tokenIdOf({ serialNumber, label }: HostToken, driver: TokenDriver): string {
  return `${driver.id}:${serialNumber || label}`;
}

function toToken(token: HostToken, driver: TokenDriver): Token {
  return {
    id: tokenIdOf(token, driver),
    label: token.label,
    serialNumber: token.serialNumber,
    driver: driver.id,
    simulated: driver.simulated,
    pin: readPinState(token.flags, driver.maxTries),
    certificates: token.certificates.flatMap(({ keyId, der }) => {
      const certificate = readCertificate(der);
      // authorities' certificates lie on many tokens; they are no choice for a signer
      if (!certificate || certificate.isAuthority) return [];
      return [toTokenCertificate(certificate, { keyId, der })];
    }),
  };
}

function readCertificate(der: Uint8Array): ReturnType<typeof describeCertificate> | undefined {
  try {
    return describeCertificate(der);
  } catch {
    // an object that only calls itself a certificate cannot be offered
    return undefined;
  }
}

function toTokenCertificate(
  certificate: ReturnType<typeof describeCertificate>,
  { keyId, der }: { keyId: string; der: Uint8Array },
): TokenCertificate {
  const { use, algorithm, serialNumber, holderName, creditCode, issuerName, notBefore, notAfter } =
    certificate;
  return {
    id: `${keyId}:${certificateFingerprint(der).slice(0, 16)}`,
    use,
    algorithm,
    der,
    serialNumber,
    holderName,
    ...(creditCode === undefined ? {} : { creditCode }),
    issuerName,
    notBefore,
    notAfter,
  };
}
