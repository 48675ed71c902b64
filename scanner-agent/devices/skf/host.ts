/** The process that holds one SKF library; its arguments are the library's path and its traits as JSON. */
import type { SkfTraits } from '#domain/catalogue/token-drivers.ts';
import { sm2Identity } from '#sealing/sm2.ts';
import type { PinState } from '../../ports/signing-token.ts';
import type { HostCertificate, HostSignRequest, HostToken } from '../token-host/messages.ts';
import { during, notFound, serveLibrary } from '../token-host/serve-library.ts';
import type { HostLibrary } from '../token-host/serve-library.ts';
import { toPinState } from './failures.ts';
import { loadSkfLibrary, quietly, SkfError } from './library.ts';
import type { SkfHandle, SkfLibrary, SkfName } from './library.ts';

const SAR_FAIL = 0x0a000001;
const SAR_DEVICE_REMOVED = 0x0a000023;
const SAR_USER_ALREADY_LOGGED_IN = 0x0a000028;

const path = process.argv[2] ?? '';
const traits = JSON.parse(process.argv[3] ?? '{}') as SkfTraits; // driver-tokens.ts wrote it from the checked table
const decoder = new TextDecoder(traits.nameEncoding);

serveLibrary(() => openLibrary(loadSkfLibrary(path, traits)), readSar);

function readSar(error: unknown): number | undefined {
  return error instanceof SkfError ? error.code : undefined;
}

interface OpenApplication {
  device: SkfHandle;
  application: SkfHandle;
  applicationName: SkfName;
  token: { id: string; label: string; serialNumber: string };
}

function openLibrary(library: SkfLibrary): HostLibrary {
  /** Some libraries call it a failure that nothing is plugged in. */
  function enumDevices(): SkfName[] {
    try {
      return library.enumDevices();
    } catch (error) {
      if ([1, SAR_FAIL, SAR_DEVICE_REMOVED].includes(readSar(error) ?? 0)) return [];
      throw error;
    }
  }

  /**
   * Opens every application of every device in turn and closes it again; stops where `visit` says so. A PIN belongs
   * to an application, so each is a token of its own; the id names the application only where there are several.
   */
  function visitApplications(visit: (opened: OpenApplication) => 'stop' | undefined): void {
    for (const deviceName of enumDevices()) {
      if (visitDevice(deviceName, visit) === 'stop') return;
    }
  }

  function visitDevice(
    deviceName: SkfName,
    visit: (opened: OpenApplication) => 'stop' | undefined,
  ): 'stop' | undefined {
    const device = library.connectDevice(deviceName);
    try {
      const info = library.deviceInfo(device);
      const serialNumber = textAt(info, traits.deviceInfo.serialNumber) || decoder.decode(deviceName);
      const label = textAt(info, traits.deviceInfo.label) || decoder.decode(deviceName);
      const names = library
        .enumApplications(device)
        .filter(
          (name) => traits.applications.length === 0 || traits.applications.includes(decoder.decode(name)),
        );
      for (const applicationName of names) {
        const isOneOfMany = names.length > 1;
        const token = {
          id: isOneOfMany ? `${serialNumber}.${applicationName.toString('hex')}` : serialNumber,
          label: isOneOfMany ? `${label}（${decoder.decode(applicationName)}）` : label,
          serialNumber,
        };
        const application = library.openApplication(device, applicationName);
        try {
          if (visit({ device, application, applicationName, token }) === 'stop') return 'stop';
        } finally {
          quietly(() => library.closeApplication(application));
        }
      }
      return undefined;
    } finally {
      quietly(() => library.disconnectDevice(device));
    }
  }

  function inContainer<Result>(
    application: SkfHandle,
    name: SkfName,
    work: (container: SkfHandle) => Result,
  ): Result {
    const container = library.openContainer(application, name);
    try {
      return work(container);
    } finally {
      quietly(() => library.closeContainer(container));
    }
  }

  function readCertificates({ application, applicationName }: OpenApplication): HostCertificate[] {
    return library.enumContainers(application).flatMap((name) =>
      inContainer(application, name, (container) =>
        (['sign', 'encrypt'] as const).flatMap((use) => {
          const der = readCertificate(container, use);
          if (!der) return [];
          const keyId = keyIdOf(applicationName, name, use);
          return [{ keyId, der, ...(use === 'encrypt' ? { use } : {}) }];
        }),
      ),
    );
  }

  function readCertificate(container: SkfHandle, use: 'sign' | 'encrypt'): Uint8Array | undefined {
    try {
      const der = library.exportCertificate(container, use);
      return der.length === 0 ? undefined : new Uint8Array(der);
    } catch (error) {
      // vendors have many codes for "there is none"; a token that is gone is no such case
      if (!(error instanceof SkfError) || error.code === SAR_DEVICE_REMOVED) throw error;
      return undefined;
    }
  }

  /** Runs `work` with the token's application open, whichever device it now is; undefined where it is gone. */
  function withToken<Result>(tokenId: string, work: (opened: OpenApplication) => Result): Result | undefined {
    let result: Result | undefined;
    visitApplications((opened) => {
      if (opened.token.id !== tokenId) return undefined;
      result = work(opened);
      return 'stop';
    });
    return result;
  }

  function login(application: SkfHandle, pin: string): void {
    try {
      library.verifyPin(application, pin);
    } catch (error) {
      if (readSar(error) !== SAR_USER_ALREADY_LOGGED_IN) throw error;
      // left over from a call that went wrong: nobody may sign on the strength of somebody else's PIN
      library.clearSecureState(application);
      library.verifyPin(application, pin);
    }
  }

  function signIn(opened: OpenApplication, request: HostSignRequest): Uint8Array[] {
    const { application, applicationName, device } = opened;
    const name = library
      .enumContainers(application)
      .find((container) => keyIdOf(applicationName, container, 'sign') === request.keyId);
    if (!name) throw notFound('certificate');
    return inContainer(application, name, (container) => {
      const der = readCertificate(container, 'sign');
      if (!der || Buffer.compare(der, request.certificateDer) !== 0) throw notFound('certificate');
      during('login', () => login(application, request.pin));
      try {
        return during('sign', () =>
          request.inputs.map((input) => new Uint8Array(signOne({ device, container }, request.kind, input))),
        );
      } finally {
        quietly(() => library.clearSecureState(application));
      }
    });
  }

  function signOne(
    target: { device: SkfHandle; container: SkfHandle },
    kind: HostSignRequest['kind'],
    input: Uint8Array,
  ): Uint8Array {
    if (kind === 'rsa') return library.rsaSign(target.container, input);
    const isHashed = traits.sm2DigestBy === 'station';
    const digest = isHashed ? input : library.sm3WithIdentity(target, sm2Identity, input);
    return library.eccSign(target.container, digest);
  }

  return {
    list() {
      const tokens: HostToken[] = [];
      for (const deviceName of enumDevices()) {
        try {
          visitDevice(deviceName, (opened) => {
            const pin = readPin(library, opened.application);
            tokens.push({ ...opened.token, pin, certificates: readCertificates(opened) });
            return undefined;
          });
        } catch (error) {
          // pulled out between two calls: it is simply no longer there; anything else is the caller's business
          const isStillThere = enumDevices().some((name) => name.equals(deviceName));
          if (isStillThere && readSar(error) !== SAR_DEVICE_REMOVED) throw error;
        }
      }
      return tokens;
    },
    sign(request) {
      const signatures = during('find', () =>
        withToken(request.tokenId, (opened) => signIn(opened, request)),
      );
      if (!signatures) throw notFound('token');
      return signatures;
    },
    changePin({ tokenId, pin, newPin }) {
      const isDone = during('find', () =>
        withToken(tokenId, ({ application }) =>
          during('change-pin', () => {
            library.changePin(application, pin, newPin);
            return true;
          }),
        ),
      );
      if (!isDone) throw notFound('token');
    },
    look: (tokenId) => withToken(tokenId, ({ application }) => readPin(library, application)),
  };
}

function readPin(library: SkfLibrary, application: SkfHandle): PinState {
  return toPinState(library.pinInfo(application));
}

function keyIdOf(application: SkfName, container: SkfName, use: 'sign' | 'encrypt'): string {
  return [application.toString('hex'), container.toString('hex'), use].join('.');
}

/** Fields are padded with zero bytes by the standard, with blanks by some vendors. */
function textAt(info: Buffer, { offset, length }: { offset: number; length: number }): string {
  const field = info.subarray(offset, offset + length);
  const zero = field.indexOf(0);
  return decoder.decode(zero < 0 ? field : field.subarray(0, zero)).trim();
}
