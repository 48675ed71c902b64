/** The tokens that one driver of the table sees: the half that PKCS#11 and SKF have in common. */
import { existsSync } from 'node:fs';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { isSignatureOf, normaliseSignature } from '#sealing/signature.ts';
import type {
  SignatureAlgorithm,
  SignRequest,
  SigningTokens,
  TokenCertificate,
} from '../../ports/signing-token.ts';
import { createLibraryProcess } from './library-process.ts';
import type { LibraryProcess, Patience } from './library-process.ts';
import type { HostFailure, HostSignRequest, HostToken } from './messages.ts';
import { tokenIdOf, toToken } from './to-token.ts';

/** What differs from one programming interface to the next. */
export interface TokenApi<Driver extends TokenDriver = TokenDriver> {
  /** Absolute path of the child's main file. */
  hostFile: string;
  /** What the child must know of the library beside its path; travels as JSON. */
  traitsOf(driver: Driver): unknown;
  toAppError: (failure: HostFailure, driver: string) => AppError;
  /** The algorithms it can sign with; a certificate of any other is refused before the PIN. */
  kinds: Partial<Record<SignatureAlgorithm, HostSignRequest['kind']>>;
  /** What the library is given for `data`: hashed or not, as it wants it. */
  inputOf(job: {
    kind: HostSignRequest['kind'];
    data: Uint8Array;
    certificate: Uint8Array;
    driver: Driver;
  }): Uint8Array;
  /** The library's signature in the form of the port. */
  toDer(kind: HostSignRequest['kind'], signature: Uint8Array): Uint8Array;
}

export interface TokenDriverHealth {
  id: string;
  name: string;
  simulated: boolean;
  testedOn: TokenDriver['testedOn'];
  state: 'ready' | 'not-installed' | 'fault';
  errorCode?: ErrorCode;
}

export interface DriverTokens extends SigningTokens {
  driverId: string;
  isInstalled(): boolean;
  /** As of the last call; waits for nothing. */
  health(): TokenDriverHealth;
}

const driverFaults = new Set<ErrorCode>(['DEVICE_FAULT', 'DEVICE_TIMEOUT', 'DRIVER_MISSING']);

/** The list is read anew at every call; the library's process starts with the first one. */
export function createDriverTokens<Driver extends TokenDriver>({
  driver,
  api,
  environment,
  platform,
  arch,
}: {
  driver: Driver;
  api: TokenApi<Driver>;
  /** What vendor libraries need of the station's own environment; nothing else reaches them. */
  environment: Readonly<Record<string, string>>;
  platform: string;
  arch: string;
}): DriverTokens {
  let library: LibraryProcess | undefined;
  let fault: ErrorCode | undefined;

  function findLibraryPath(): string | undefined {
    return driver.libraries
      .filter((file) => file.platform === platform && file.arch === arch)
      .map(({ path }) => path)
      .find((path) => existsSync(path));
  }

  /** Throws DRIVER_MISSING. */
  function openLibrary(): LibraryProcess {
    const libraryPath = findLibraryPath();
    if (!libraryPath) throw new AppError('DRIVER_MISSING', { searched: [driver.id] });
    library ??= createLibraryProcess({
      driver: driver.id,
      hostFile: api.hostFile,
      hostArguments: [libraryPath, JSON.stringify(api.traitsOf(driver))],
      environment: { ...environment, ...driver.environment },
      toAppError: api.toAppError,
    });
    return library;
  }

  /** Remembers whether the driver itself works, for `health`; a wrong PIN or a missing token is no fault of its. */
  async function watch<Value>(call: Promise<Value>): Promise<Value> {
    try {
      const value = await call;
      fault = undefined;
      return value;
    } catch (error) {
      if (error instanceof AppError && driverFaults.has(error.code)) fault = error.code;
      throw error;
    }
  }

  async function findToken(tokenId: string, patience: Patience): Promise<HostToken> {
    const listed = await watch(openLibrary().list(patience));
    const host = listed.find((token) => tokenIdOf(token, driver) === tokenId);
    if (!host) throw new AppError('TOKEN_MISSING');
    if (host.pin.locked) throw new AppError('PIN_LOCKED', { driver: driver.id });
    return host;
  }

  async function signWith(
    { host, certificate, pin, data }: SigningJob,
    patience: Patience,
  ): Promise<Uint8Array[]> {
    const kind = api.kinds[certificate.algorithm];
    if (certificate.use !== 'sign' || !kind) {
      throw new AppError('CERTIFICATE_WRONG_USE', { algorithm: certificate.algorithm });
    }
    const raw = await openLibrary().sign(
      {
        tokenId: host.id,
        keyId: certificate.id.slice(0, certificate.id.indexOf(':')),
        certificateDer: certificate.der,
        pin,
        kind,
        inputs: data.map((bytes) => api.inputOf({ kind, data: bytes, certificate: certificate.der, driver })),
      },
      patience,
    );
    // of two equal ECDSA signatures tokens give either: what leaves the station has one form
    const signatures = raw.map((signature) =>
      normaliseSignature(certificate.der, api.toDer(kind, signature)),
    );
    const isRight = data.every((bytes, index) => {
      const signature = signatures[index];
      return signature && isSignatureOf({ certificate: certificate.der, data: bytes, signature });
    });
    if (!isRight) {
      throw new AppError('DEVICE_FAULT', { driver: driver.id, reason: 'signature-does-not-verify' });
    }
    return signatures;
  }

  return {
    driverId: driver.id,
    isInstalled: () => findLibraryPath() !== undefined,

    async list({ signal, timeoutMs }) {
      const patience = { signal, deadline: AbortSignal.timeout(timeoutMs) };
      const tokens = await watch(openLibrary().list(patience));
      return tokens.map((token) => toToken(token, driver));
    },

    async sign({ tokenId, certificateId, pin, data, signal, timeoutMs }) {
      checkPinFormat(pin, driver);
      const patience = { signal, deadline: AbortSignal.timeout(timeoutMs) };
      const host = await findToken(tokenId, patience);
      const certificate = toToken(host, driver).certificates.find(({ id }) => id === certificateId);
      if (!certificate) throw new AppError('TOKEN_MISSING', { reason: 'certificate-changed' });
      return watch(signWith({ host, certificate, pin, data }, patience));
    },

    async changePin({ tokenId, pin, newPin, signal, timeoutMs }) {
      checkPinFormat(pin, driver);
      checkPinFormat(newPin, driver);
      const patience = { signal, deadline: AbortSignal.timeout(timeoutMs) };
      const host = await findToken(tokenId, patience);
      await watch(openLibrary().changePin({ tokenId: host.id, pin, newPin }, patience));
    },

    health() {
      const { id, name, simulated, testedOn } = driver;
      const state = !findLibraryPath() ? 'not-installed' : fault ? 'fault' : 'ready';
      return { id, name, simulated, testedOn, state, ...(fault ? { errorCode: fault } : {}) };
    },

    async close() {
      await library?.close();
      library = undefined;
    },
  };
}

interface SigningJob {
  host: HostToken;
  certificate: TokenCertificate;
  pin: string;
  data: SignRequest['data'];
}

/** Before the token sees it: full-width digits or a slip of the finger must not cost a try. */
function checkPinFormat(pin: string, { pin: { minLength, maxLength } }: TokenDriver): void {
  if (!/^[\x21-\x7e]*$/.test(pin)) throw new AppError('PIN_FORMAT', { reason: 'characters' });
  if (pin.length < minLength || pin.length > maxLength) {
    throw new AppError('PIN_FORMAT', { reason: 'length', minLength, maxLength });
  }
}
