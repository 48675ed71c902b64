/** Everything that is plugged in, and the reader of paper, as the profile and the tables name them. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { driverStatusesOf } from '#domain/catalogue/driver-status.ts';
import { loadCardReaderTable, loadScannerTable, loadSigningTokens } from '#config/load-table.ts';
import { resolveModelPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import { createCardPhotos } from '../devices/card-photo/photo-helper.ts';
import { createCardReaders } from '../devices/card-readers/card-readers.ts';
import { createScanners } from '../devices/scanners/scanners.ts';
import { loadSealFonts } from '#sealing/seal-fonts.ts';
import { createSigningTokens } from '../devices/signing-tokens.ts';
import type { Start } from './start.ts';

export type OpenDevices = Awaited<ReturnType<typeof openDevices>>;

/** Throws MODEL_INVALID, ConfigError. */
export async function openDevices({ options, profile, opened }: Start) {
  const { configFolder, childEnvironment: environment, dataFolder, logWarning } = options;
  const modelPack = await resolveModelPack(options, (problem) =>
    logWarning('model pack refused, the built-in one reads', problem),
  );
  const reader = createPaperReader({
    ...modelPack,
    onError: (text) => logWarning('paper reader', { text }),
  });
  opened.defer(() => reader.close());

  const tokenTable = loadSigningTokens(configFolder);
  const tokenDrivers = [...profile.tokenDrivers, ...tokenTable.drivers];
  const tokens = createSigningTokens({ drivers: tokenDrivers, environment });
  opened.defer(() => tokens.close());

  const cardReaderTable = loadCardReaderTable(configFolder);
  const cardReaders = createCardReaders({
    driverTable: cardReaderTable,
    serialReaders: profile.serialCardReaders,
    services: profile.cardReaderServices,
  });
  opened.defer(() => cardReaders.close());

  const scannerTable = loadScannerTable(configFolder);
  const scanners = createScanners({
    driverTable: scannerTable,
    configured: profile.scanners,
    find: profile.findScanners,
    environment,
    scratchFolder: emptyFolder(join(dataFolder, 'scans')),
    onError: (error) => logWarning('scanners', { problem: String(error) }),
  });
  opened.defer(() => scanners.close());

  return {
    reader,
    tokens,
    cardReaders,
    scanners,
    cardPhotos: createCardPhotos({
      helper: profile.cardPhotoHelper,
      environment,
      onError: (error) => logWarning('card photo', error),
    }),
    testedOf: driverStatusesOf({
      cardReaders: cardReaderTable,
      scanners: scannerTable,
      tokens: tokenDrivers,
    }),
    sealKeywords: tokenTable.sealKeywords,
    sealFonts: loadSealFonts(tokenTable.sealFonts),
  };
}

/** What a crash left of pictures on their way is gone before the next one comes. */
function emptyFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
