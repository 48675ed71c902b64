/** What is plugged in, in words: for the banner, the device page and ./ludeng doctor. */
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { Device } from '#domain/contracts/kiosk/devices.ts';
import { cardReaderCode } from '../capture/card-failures.ts';
import type { CardReader } from '../../ports/card-reader.ts';
import type { PageSource } from '../../ports/page-source.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { SigningTokens } from '../../ports/signing-token.ts';

const lookTimeoutMs = 10_000;

/** The camera belongs to the page (getUserMedia); the page tells what it sees. */
export interface CameraReport {
  /** The one over the paper, or the one that looks at the person. */
  role: 'document' | 'face';
  label: string;
  width: number;
  height: number;
  simulated: boolean;
  state: 'ready' | 'missing' | 'fault';
  /** In the page's words: it alone knows whether the browser refused, or the picture is black. */
  advice: string;
}

export interface Devices {
  /** Looks at everything again. Never throws: a failure is a device's state. */
  look(signal: AbortSignal): Promise<Device[]>;
  /** As of the last look. */
  last(): Device[];
  setCamera(report: CameraReport): void;
}

export function createDevices(deps: {
  cardReaders: () => readonly CardReader[];
  scanners: () => readonly PageSource[];
  tokens: SigningTokens;
  reader: PaperReader;
  /** What a driver's entry has met so far, by the driver tables. */
  testedOf: (driver: string) => Device['tested'];
  onChange: (devices: Device[]) => void;
}): Devices {
  let documentCamera: CameraReport | undefined;
  let faceCamera: CameraReport | undefined;
  let last: Device[] = [];

  function tested(driver: string): Pick<Device, 'tested'> {
    const status = deps.testedOf(driver);
    return status ? { tested: status } : {};
  }

  async function lookAtTokens(signal: AbortSignal): Promise<Device[]> {
    try {
      const tokens = await deps.tokens.list({ signal, timeoutMs: lookTimeoutMs });
      if (tokens.length === 0) return [missing('signing-token', 'UKey', 'TOKEN_MISSING')];
      return tokens.map((token) => ({
        id: token.id,
        kind: 'signing-token',
        name: `${token.label}（${token.serialNumber}）`,
        driver: token.driver,
        state: token.pin.locked ? 'fault' : 'ready',
        simulated: token.simulated,
        advice: token.pin.locked ? adviceFor('PIN_LOCKED') : '',
        ...tested(token.driver),
      }));
    } catch (error) {
      return [{ ...missing('signing-token', 'UKey', codeOf(error)), state: 'fault' }];
    }
  }

  function lookAtCardReaders(): Device[] {
    const readers = deps.cardReaders();
    if (readers.length === 0) return [missing('card-reader', '身份证读卡器', 'CARD_READER_MISSING')];
    return readers.map((reader) => {
      const { id, name, driver, path, state, simulated, errorCode } = reader.health();
      const code = isErrorCode(errorCode) ? errorCode : 'DEVICE_FAULT';
      return {
        id,
        kind: 'card-reader',
        name,
        driver: `${driver} ${path}`,
        state,
        simulated,
        advice: state === 'ready' ? '' : adviceFor(cardReaderCode(code)),
        ...tested(driver),
      };
    });
  }

  /** A station without a scanner is whole: its absence is no line in the list. */
  function lookAtScanners(): Device[] {
    return deps.scanners().map((scanner) => {
      const { id, name, driver, address, state, simulated, errorCode } = scanner.health();
      const code = isErrorCode(errorCode) ? errorCode : 'DEVICE_FAULT';
      return {
        id,
        kind: 'scanner',
        name,
        driver: `${driver} ${address}`,
        state,
        simulated,
        advice: state === 'ready' ? '' : adviceFor(code),
        ...tested(driver),
      };
    });
  }

  async function lookAtModels(signal: AbortSignal): Promise<Device> {
    try {
      const { packId, modelHash } = await deps.reader.describeModels({ signal, timeoutMs: lookTimeoutMs });
      return {
        id: 'reader-model',
        kind: 'reader-model',
        name: `识别模型 ${packId}`,
        driver: modelHash.slice(0, 12),
        state: 'ready',
        simulated: false,
        advice: '',
      };
    } catch (error) {
      return { ...missing('reader-model', '识别模型', codeOf(error)), state: 'fault' };
    }
  }

  /** A station without a second camera is whole: it is no line in the list until somebody has chosen one. */
  function describeCameras(): Device[] {
    const face = faceCamera ? [describeCamera(faceCamera)] : [];
    return [
      documentCamera ? describeCamera(documentCamera) : missing('camera', '高拍仪', 'CAMERA_MISSING'),
      ...face,
    ];
  }

  function publish(devices: Device[]): Device[] {
    const changed = JSON.stringify(devices) !== JSON.stringify(last);
    last = devices;
    if (changed) deps.onChange(devices);
    return devices;
  }

  return {
    async look(signal) {
      const [tokens, models] = await Promise.all([lookAtTokens(signal), lookAtModels(signal)]);
      return publish([...describeCameras(), ...lookAtCardReaders(), ...lookAtScanners(), ...tokens, models]);
    },
    last: () => last,
    setCamera(report) {
      if (report.role === 'face') faceCamera = report;
      else documentCamera = report;
      publish([...describeCameras(), ...last.filter(({ kind }) => kind !== 'camera')]);
    },
  };
}

function describeCamera({ role, label, width, height, simulated, state, advice }: CameraReport): Device {
  const id = role === 'face' ? 'camera-face' : 'camera';
  const what = role === 'face' ? '人像摄像头' : '高拍仪';
  return {
    id,
    kind: 'camera',
    name: label || what,
    driver: width > 0 ? `${width}×${height}` : '',
    state,
    simulated,
    advice:
      state === 'ready' ? '' : advice || adviceFor(state === 'missing' ? 'CAMERA_MISSING' : 'CAMERA_LOST'),
  };
}

function missing(kind: Device['kind'], name: string, code: ErrorCode): Device {
  return { id: kind, kind, name, driver: '', state: 'missing', simulated: false, advice: adviceFor(code) };
}

function adviceFor(code: ErrorCode): string {
  const { message, action } = errorTable[code];
  return `${message}：${action}`;
}

function codeOf(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'DEVICE_FAULT';
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in errorTable;
}
