/**
 * The functions of an SKF library (GM/T 0016) that the driver needs, called through koffi. Structures are byte buffers
 * read at fixed places: nothing depends on how a compiler would align them. Runs in the library's own process only.
 */
import koffi from 'koffi';
import type { SkfTraits } from '#domain/catalogue/token-drivers.ts';

export class SkfError extends Error {
  readonly code: number;
  constructor(call: string, code: number) {
    super(`${call}: 0x${code.toString(16)}`);
    this.code = code;
  }
}

/** An opaque `void *`: device, application, container or hash. */
export type SkfHandle = unknown;
/** The bytes of a name as the library gave them, whatever their encoding. */
export type SkfName = Buffer;

export const SAR_BUFFER_TOO_SMALL = 0x0a000020;
const eccPublicKeyBytes = 132; // ECCPUBLICKEYBLOB: BitLen, X right-aligned in 64, Y right-aligned in 64
const eccSignatureBytes = 128; // ECCSIGNATUREBLOB: r right-aligned in 64, s right-aligned in 64
const scalarBytes = 32;
const smallAnswerTries = 3;
const SGD_SM3 = 1;
const PIN_OF_USER = 1;

export interface SkfLibrary {
  enumDevices(): SkfName[];
  connectDevice(name: SkfName): SkfHandle;
  disconnectDevice(device: SkfHandle): void;
  deviceInfo(device: SkfHandle): Buffer;
  enumApplications(device: SkfHandle): SkfName[];
  openApplication(device: SkfHandle, name: SkfName): SkfHandle;
  closeApplication(application: SkfHandle): void;
  pinInfo(application: SkfHandle): { maxTries: number; remainingTries: number; isDefault: boolean };
  verifyPin(application: SkfHandle, pin: string): void;
  changePin(application: SkfHandle, pin: string, newPin: string): void;
  clearSecureState(application: SkfHandle): void;
  enumContainers(application: SkfHandle): SkfName[];
  openContainer(application: SkfHandle, name: SkfName): SkfHandle;
  closeContainer(container: SkfHandle): void;
  exportCertificate(container: SkfHandle, use: 'sign' | 'encrypt'): Buffer;
  /** SM3 over Z (of the container's signing key and `identity`) and `data`: 32 bytes. */
  sm3WithIdentity(
    target: { device: SkfHandle; container: SkfHandle },
    identity: string,
    data: Uint8Array,
  ): Buffer;
  /** r and s, 32 bytes each. */
  eccSign(container: SkfHandle, digest: Uint8Array): Buffer;
  rsaSign(container: SkfHandle, digestInfo: Uint8Array): Buffer;
}

/** Throws what koffi throws where the file is no library or lacks a function. */
export function loadSkfLibrary(path: string, { ulongBytes, deviceInfo }: SkfTraits): SkfLibrary {
  const file = koffi.load(path);
  const ulong = ulongBytes === 8 ? 'uint64_t' : 'uint32_t';
  // __stdcall matters on 32-bit Windows alone and is the same as the default everywhere else
  const declare = (name: string, ...parameters: string[]): ((...values: unknown[]) => void) => {
    const call = file.func('__stdcall', `SKF_${name}`, ulong, parameters);
    return (...values) => {
      const code = Number(call(...values)) >>> 0;
      if (code !== 0) throw new SkfError(`SKF_${name}`, code);
    };
  };
  const [bytes, bool] = ['uint8_t *', 'int32_t'];
  const [handle, newHandle] = ['void *', '_Out_ void **'];

  const enumDev = declare('EnumDev', bool, bytes, bytes);
  const connectDev = declare('ConnectDev', bytes, newHandle);
  const disConnectDev = declare('DisConnectDev', handle);
  const getDevInfo = declare('GetDevInfo', handle, bytes);
  const enumApplication = declare('EnumApplication', handle, bytes, bytes);
  const openApplication = declare('OpenApplication', handle, bytes, newHandle);
  const closeApplication = declare('CloseApplication', handle);
  const getPinInfo = declare('GetPINInfo', handle, ulong, bytes, bytes, bytes);
  const verifyPin = declare('VerifyPIN', handle, ulong, bytes, bytes);
  const changePin = declare('ChangePIN', handle, ulong, bytes, bytes, bytes);
  const clearSecureState = declare('ClearSecureState', handle);
  const enumContainer = declare('EnumContainer', handle, bytes, bytes);
  const openContainer = declare('OpenContainer', handle, bytes, newHandle);
  const closeContainer = declare('CloseContainer', handle);
  const exportCertificate = declare('ExportCertificate', handle, bool, bytes, bytes);
  const exportPublicKey = declare('ExportPublicKey', handle, bool, bytes, bytes);
  const digestInit = declare('DigestInit', handle, ulong, bytes, bytes, ulong, newHandle);
  const digest = declare('Digest', handle, bytes, ulong, bytes, bytes);
  const closeHandle = declare('CloseHandle', handle);
  const eccSignData = declare('ECCSignData', handle, bytes, ulong, bytes);
  const rsaSignData = declare('RSASignData', handle, bytes, ulong, bytes, bytes);

  /** A ULONG that the library writes; little-endian on every platform in the table, so the width only needs room. */
  const number = (value = 0): Buffer => {
    const room = Buffer.alloc(8);
    room.writeUInt32LE(value);
    return room;
  };
  const open = (call: (out: unknown[]) => void): SkfHandle => {
    const out: unknown[] = [null];
    call(out);
    return out[0];
  };
  /** Asked for the size, then for the bytes; asked again where the answer grew in between. */
  const readSized = (call: (room: Buffer | null, size: Buffer) => void): Buffer => {
    for (let tries = 1; ; tries++) {
      const size = number();
      call(null, size);
      const room = Buffer.alloc(size.readUInt32LE());
      if (room.length === 0) return room;
      try {
        call(room, size);
        return room.subarray(0, Math.min(size.readUInt32LE(), room.length));
      } catch (error) {
        const hasGrown = error instanceof SkfError && error.code === SAR_BUFFER_TOO_SMALL;
        if (!hasGrown || tries === smallAnswerTries) throw error;
      }
    }
  };
  const readNames = (call: (room: Buffer | null, size: Buffer) => void): SkfName[] =>
    splitNames(readSized(call));

  return {
    enumDevices: () => readNames((room, size) => enumDev(1, room, size)),
    connectDevice: (name) => open((out) => connectDev(zeroEnded(name), out)),
    disconnectDevice: (device) => disConnectDev(device),
    deviceInfo(device) {
      const room = Buffer.alloc(deviceInfo.bytes);
      getDevInfo(device, room);
      return room;
    },
    enumApplications: (device) => readNames((room, size) => enumApplication(device, room, size)),
    openApplication: (device, name) => open((out) => openApplication(device, zeroEnded(name), out)),
    closeApplication: (application) => closeApplication(application),
    pinInfo(application) {
      const [max, remaining, isDefault] = [number(), number(), number()];
      getPinInfo(application, PIN_OF_USER, max, remaining, isDefault);
      return {
        maxTries: max.readUInt32LE(),
        remainingTries: remaining.readUInt32LE(),
        isDefault: isDefault.readUInt32LE() !== 0,
      };
    },
    verifyPin(application, pin) {
      withSecrets([pin], ([text]) => verifyPin(application, PIN_OF_USER, text, number()));
    },
    changePin(application, pin, newPin) {
      withSecrets([pin, newPin], ([old, next]) => changePin(application, PIN_OF_USER, old, next, number()));
    },
    clearSecureState: (application) => clearSecureState(application),
    enumContainers: (application) => readNames((room, size) => enumContainer(application, room, size)),
    openContainer: (application, name) => open((out) => openContainer(application, zeroEnded(name), out)),
    closeContainer: (container) => closeContainer(container),
    exportCertificate: (container, use) =>
      readSized((room, size) => exportCertificate(container, use === 'sign' ? 1 : 0, room, size)),
    sm3WithIdentity({ device, container }, identity, data) {
      const publicKey = Buffer.alloc(eccPublicKeyBytes);
      exportPublicKey(container, 1, publicKey, number(eccPublicKeyBytes));
      const id = Buffer.from(identity, 'latin1');
      const hash = open((out) => digestInit(device, SGD_SM3, publicKey, id, id.length, out));
      try {
        const result = Buffer.alloc(scalarBytes);
        digest(hash, Buffer.from(data), data.length, result, number(scalarBytes));
        return result;
      } finally {
        quietly(() => closeHandle(hash));
      }
    },
    eccSign(container, input) {
      const blob = Buffer.alloc(eccSignatureBytes);
      eccSignData(container, Buffer.from(input), input.length, blob);
      return Buffer.concat([blob.subarray(64 - scalarBytes, 64), blob.subarray(128 - scalarBytes, 128)]);
    },
    rsaSign(container, digestInfo) {
      const room = Buffer.alloc(1024);
      const size = number(room.length);
      rsaSignData(container, Buffer.from(digestInfo), digestInfo.length, room, size);
      return room.subarray(0, size.readUInt32LE());
    },
  };
}

/** What is closed on the way out may be gone already; the first failure is the one that counts. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // nothing to be done, see above
  }
}

/** PINs as C strings that are overwritten afterwards. */
function withSecrets(secrets: string[], work: (texts: Buffer[]) => void): void {
  const texts = secrets.map((secret) => Buffer.from(`${secret}\0`, 'latin1'));
  try {
    work(texts);
  } finally {
    for (const text of texts) text.fill(0);
  }
}

function zeroEnded(name: SkfName): Buffer {
  return Buffer.concat([name, Buffer.of(0)]);
}

/** Names end with a zero each, the list with one more. GBK has no zero byte inside a character. */
function splitNames(list: Buffer): SkfName[] {
  const names: SkfName[] = [];
  for (let start = 0; start < list.length;) {
    const zero = list.indexOf(0, start);
    const end = zero < 0 ? list.length : zero;
    if (end === start) break;
    names.push(list.subarray(start, end));
    start = end + 1;
  }
  return names;
}
