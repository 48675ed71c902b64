/**
 * A document camera behind its vendor's local service (良田): `POST /video=grabimage` answers a cropped picture in
 * base64. Written after how public programs call it; only an emulator has answered it yet.
 */
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import type { ConfiguredScanner, VendorServiceDriver } from '#domain/catalogue/scanner-drivers.ts';
import type {
  PageSource,
  PageSourceHealth,
  ScannedSheet,
  ScanSettings,
  ScanWait,
} from '../../../ports/page-source.ts';
import { readPictureFacts } from '#paper/imaging/files/picture-facts.ts';
import { exchange } from '../escl/http.ts';
import type { ScannerFinder } from '../scanner-finder.ts';
import { whatCame } from '../what-came.ts';

const askTimeoutMs = 2_000;
const colourModes = { colour: 0, grey: 1, 'black-white': 2 } as const;
const pictureSchema = z.looseObject({ photoBase64: z.string().min(100) });

/** The service is only asked for where people look for scanners, or where the profile names it. */
export function findServices(
  driver: VendorServiceDriver,
  options: { configured: readonly ConfiguredScanner[]; find: boolean },
): ScannerFinder {
  const asked = options.configured.length > 0 || options.find;
  const [named] = options.configured;
  const source = createServiceSource(driver, named);
  return {
    // A station without the vendor's program hears nothing of it.
    list: () => (named !== undefined || source.health().state === 'ready' ? [source] : []),
    refresh: async (signal) => {
      if (asked) await source.ask(signal);
    },
    close: () => Promise.resolve(),
  };
}

function createServiceSource(
  driver: VendorServiceDriver,
  named: ConfiguredScanner | undefined,
): PageSource & { ask: (signal: AbortSignal) => Promise<void> } {
  const root = named?.address ?? driver.url;
  let state: PageSourceHealth['state'] = 'missing';
  let isScanning = false;

  async function* scan(
    settings: ScanSettings,
    wait: ScanWait,
  ): AsyncGenerator<ScannedSheet, void, undefined> {
    if (isScanning) throw new AppError('DEVICE_BUSY');
    isScanning = true;
    try {
      const body = JSON.stringify({
        filepath: 'base64',
        rotate: '0',
        cutpage: '1',
        camidx: String(driver.cameraIndex),
        ColorMode: String(colourModes[settings.colour]),
        quality: '5',
      });
      const url = new URL('/video=grabimage', root);
      const { status, bytes } = await exchange({
        method: 'POST',
        url,
        body,
        signal: wait.signal,
        timeoutMs: wait.sheetTimeoutMs,
      });
      if (status !== 200) throw new AppError('DEVICE_FAULT', { step: 'grabimage', status });
      const picture = pictureOf(bytes);
      // A camera's dots are those of its chip: how many stand on an inch of paper only the page itself tells.
      const { colour } = whatCame(await readPictureFacts(picture), { colour: settings.colour });
      yield {
        ...{ bytes: picture, asked: { colour: settings.colour }, kept: () => Promise.resolve() },
        ...(colour ? { colour } : {}),
      };
    } catch (error) {
      if (!wait.signal.aborted) throw error;
    } finally {
      isScanning = false;
    }
  }

  return {
    scan,
    async ask(signal) {
      const url = new URL('/device=isconnect', root);
      const body = '{}';
      state = await exchange({ method: 'POST', url, body, signal, timeoutMs: askTimeoutMs }).then(
        ({ status }) => (status === 200 ? 'ready' : 'fault'),
        () => 'missing',
      );
    },
    health: () => ({
      id: `${driver.id}@${root}`,
      name: named?.name ?? `${driver.brand} ${driver.model}`,
      driver: driver.id,
      address: root,
      state,
      simulated: named?.simulated ?? false,
      can: { sources: ['flatbed'], dpis: [], colours: ['colour', 'grey', 'black-white'] },
      ...(state === 'ready' ? {} : { errorCode: state === 'fault' ? 'DEVICE_FAULT' : 'SCANNER_MISSING' }),
    }),
  };
}

function pictureOf(bytes: Uint8Array): Uint8Array {
  try {
    const { photoBase64 } = pictureSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return new Uint8Array(Buffer.from(photoBase64.replace(/^data:[^,]*,/, ''), 'base64'));
  } catch (error) {
    throw new AppError(
      'DEVICE_FAULT',
      { step: 'grabimage', reason: 'answer not understood' },
      { cause: error },
    );
  }
}
