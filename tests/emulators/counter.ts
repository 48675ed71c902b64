/**
 * A whole simulated counter: card reader on a pty, UKey behind PKCS#11, pictures for the camera. Everything speaks the
 * real protocol to the real driver; the station says on its screen that it is simulated.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StationProfile } from '#domain/catalogue/station-profile.ts';
import {
  demoLicence,
  demoQualification,
  drawBusinessLicence,
  drawConstructionQualification,
} from '../support/documents.ts';
import { photograph } from '../support/photograph.ts';
import { cardFileSchema } from './id-card-reader/card-file.ts';
import { startIdCardReaderEmulator } from './id-card-reader/emulator.ts';
import type { IdCardReaderEmulator } from './id-card-reader/emulator.ts';
import { startEsclEmulator } from './scanner-escl/emulator.ts';
import type { EsclEmulator } from './scanner-escl/emulator.ts';
import { demoSheets } from './scanner-escl/demo-sheets.ts';
import { prepareSimulatedTokens } from './signing-token/simulated-token.ts';
import type { SimulatedHolder, SimulatedToken } from './signing-token/simulated-token.ts';

export const demoPin = '12345678';

/** The key of the demo company's legal representative (法定代表人章), for `otherHolders`. */
export const demoLegalPerson: SimulatedHolder = {
  companyName: demoLicence.companyName,
  creditCode: demoLicence.creditCode,
  personName: demoLicence.legalRepresentative,
  label: '模拟法人UKey',
  pin: demoPin,
};
const cardPlacedAfterMs = 1_500;
const watchEveryMs = 300;

export interface SimulatedCounter {
  /** Goes into the station profile. */
  profile: Pick<
    StationProfile,
    'serialCardReaders' | 'cardPhotoHelper' | 'scanners' | 'tokenDrivers' | 'trustAnchorFiles' | 'simulated'
  >;
  trustAnchorFile: string;
  token: SimulatedToken;
  cardReader: IdCardReaderEmulator;
  scanner: EsclEmulator;
  close(): Promise<void>;
}

export interface CounterOptions {
  folder: string;
  /** Whose keys lie beside the demo company's; all are plugged in until `token.setFault` says otherwise. */
  otherHolders?: readonly SimulatedHolder[];
  /** Whose name is on the card that is laid on the reader; by default the demo company's legal representative. */
  cardHolder?: string;
}

/** Throws with a sentence for people where SoftHSM or a C compiler is missing. */
export async function startSimulatedCounter(options: CounterOptions): Promise<SimulatedCounter> {
  const { folder, otherHolders = [], cardHolder } = options;
  await mkdir(folder, { recursive: true });
  const { companyName, creditCode } = demoLicence;
  const token = await prepareSimulatedTokens({
    folder: join(folder, 'ukey'),
    holders: [{ companyName, creditCode, pin: demoPin }, ...otherHolders],
  });
  const trustAnchorFile = join(folder, 'demo-authority.pem');
  await writeFile(trustAnchorFile, new X509Certificate(token.caCertificateDer).toString());
  const cardReader = await startIdCardReaderEmulator({ path: join(folder, 'card-reader') });
  const scanner = await startEsclEmulator();
  const stopPlacing = await placeWhenAsked(cardReader, cardHolder);
  return {
    profile: {
      serialCardReaders: [{ path: cardReader.path, driver: 'sdt-serial', simulated: true }],
      cardPhotoHelper: {
        program: process.execPath,
        args: [fileURLToPath(new URL('card-photo/main.ts', import.meta.url))],
        timeoutMs: 5_000,
      },
      scanners: [{ driver: 'escl', address: scanner.url, name: '模拟扫描仪', simulated: true }],
      tokenDrivers: [token.driver],
      trustAnchorFiles: [trustAnchorFile],
      simulated: ['身份证读卡器', 'UKey', '扫描仪'],
    },
    trustAnchorFile,
    token,
    cardReader,
    scanner,
    async close() {
      stopPlacing();
      await scanner.close();
      await cardReader.close();
    },
  };
}

/** The hand of the simulated applicant: lays the card down a moment after the reader looks for one, takes it up when read. */
async function placeWhenAsked(reader: IdCardReaderEmulator, holder?: string): Promise<() => void> {
  const file = fileURLToPath(new URL('id-card-reader/cards/demo-legal-representative.json', import.meta.url));
  const demo = cardFileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const card = holder === undefined ? demo : { ...demo, name: holder };
  let lookingSince: number | undefined;
  let isPlaced = false;
  const timer = setInterval(() => {
    const last = reader.requests().at(-1);
    if (isPlaced) {
      if (last !== 'read' && last !== 'address') return;
      reader.remove();
      isPlaced = false;
      lookingSince = undefined;
    } else if (last === 'find') {
      lookingSince ??= performance.now();
      if (performance.now() - lookingSince < cardPlacedAfterMs) return;
      reader.place(card);
      isPlaced = true;
    } else lookingSince = undefined;
  }, watchEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

export interface SamplePictures {
  licence: string;
  qualification: string;
  /** One second of video for Chromium's fake camera. */
  cameraFeed: string;
}

/** The hand of the simulated applicant at the scanner: a batch lies in the feeder, and again whenever it has run empty. */
export async function fillScanner(scanner: EsclEmulator): Promise<void> {
  const sheets = await demoSheets();
  scanner.load(sheets);
  scanner.lay(sheets[0]);
  scanner.onEmpty(() => scanner.load(sheets));
}

/** Photographs of the simulated company's certificates, made once. */
export async function makeSamplePictures(folder: string): Promise<SamplePictures> {
  await mkdir(folder, { recursive: true });
  const files = {
    licence: join(folder, '样例-营业执照.jpg'),
    qualification: join(folder, '样例-资质等级证书.jpg'),
    cameraFeed: join(folder, 'camera.mjpeg'),
  };
  if (Object.values(files).every((file) => existsSync(file))) return files;
  const licence = await photograph(await drawBusinessLicence(demoLicence), { turnDeg: -2, seed: 11 });
  const qualification = await photograph(await drawConstructionQualification(demoQualification), {
    turnDeg: 2,
    seed: 12,
  });
  await writeFile(files.licence, licence.jpeg);
  await writeFile(files.qualification, qualification.jpeg);
  // An MJPEG file is JPEG pictures one after the other.
  await writeFile(
    files.cameraFeed,
    Buffer.concat(Array.from({ length: 10 }, () => Buffer.from(qualification.jpeg))),
  );
  return files;
}
