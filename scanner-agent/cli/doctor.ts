/** `./ludeng doctor`: what this station has, what is missing and what is simulated. */
import { tmpdir } from 'node:os';
import { loadCatalogue } from '#config/load-catalogue.ts';
import {
  loadCardReaderTable,
  loadScannerTable,
  loadSigningTokens,
  loadStationProfile,
} from '#config/load-table.ts';
import { driverStatusesOf } from '#domain/catalogue/driver-status.ts';
import type { DriverStatus } from '#domain/catalogue/drivers.ts';
import type { Device } from '#domain/contracts/kiosk/devices.ts';
import { listCameras } from '../devices/cameras.ts';
import { createCardReaders } from '../devices/card-readers/card-readers.ts';
import { createScanners } from '../devices/scanners/scanners.ts';
import { createSigningTokens } from '../devices/signing-tokens.ts';
import { resolveModelPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import { createDevices } from '../services/devices/devices.ts';
import type { AgentPaths } from '../settings.ts';
import { version } from '../version.ts';
import { warnOfPack } from './batch.ts';
import { doctorText } from './doctor-text.ts';
import type { DoctorReport, DriverLine } from './doctor-text.ts';

export async function doctor(options: AgentPaths & { json: boolean }): Promise<number> {
  const catalogue = loadCatalogue(options.configFolder);
  const profile = loadStationProfile(options.profileFile);
  const tokenTable = loadSigningTokens(options.configFolder);
  const reader = createPaperReader(await resolveModelPack(options, warnOfPack));
  const tokenDrivers = [...profile.tokenDrivers, ...tokenTable.drivers];
  const tokens = createSigningTokens({
    drivers: tokenDrivers,
    environment: options.childEnvironment,
  });
  const readerTable = loadCardReaderTable(options.configFolder);
  const cardReaders = createCardReaders({
    driverTable: readerTable,
    serialReaders: profile.serialCardReaders,
    services: profile.cardReaderServices,
  });
  const scannerTable = loadScannerTable(options.configFolder);
  const scanners = createScanners({
    driverTable: scannerTable,
    configured: profile.scanners,
    find: profile.findScanners,
    environment: options.childEnvironment,
    scratchFolder: tmpdir(),
    onError: (error) => process.stderr.write(`${String(error)}\n`),
  });
  const testedOf = driverStatusesOf({
    cardReaders: readerTable,
    scanners: scannerTable,
    tokens: tokenDrivers,
  });
  let devices: Device[];
  try {
    await Promise.all([cardReaders.refresh(), scanners.refresh(new AbortController().signal)]);
    devices = await createDevices({
      cardReaders: () => cardReaders.readers(),
      scanners: () => scanners.list(),
      tokens,
      reader,
      testedOf,
      onChange: () => undefined,
    }).look(new AbortController().signal);
    // The camera is opened by the page; from here only the system's list of them can be told.
    devices = devices.filter(({ kind }) => kind !== 'camera');
  } finally {
    await Promise.all([cardReaders.close(), scanners.close(), tokens.close(), reader.close()]);
  }
  const report: DoctorReport = {
    version,
    node: process.version,
    station: {
      id: profile.stationId,
      name: profile.stationName,
      programme: profile.programme,
      server: profile.server.url,
    },
    catalogue: { hash: catalogue.hash, documentTypes: catalogue.documentTypes.map(({ id }) => id) },
    simulated: profile.simulated,
    devices,
    cameras: await listCameras(),
    drivers: [
      ...tokens.health().map(({ id, name, state }) => ({
        kind: 'signing-token' as const,
        ...{ id, name, status: testedOf(id) ?? 'untested', library: state },
      })),
      ...readerTable.drivers.map((entry) => driverLine('card-reader', entry)),
      ...scannerTable.drivers.map((entry) => driverLine('scanner', entry)),
    ],
  };
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : doctorText(report));
  return devices.some(({ state }) => state === 'fault') ? 1 : 0;
}

function driverLine(
  kind: DriverLine['kind'],
  { id, brand, model, status }: { id: string; brand: string; model: string; status: DriverStatus },
): DriverLine {
  return { kind, id, name: `${brand} ${model}`, status };
}
