/** `./ludeng doctor`: what this station has, what is missing and what is simulated. */
import { tmpdir } from 'node:os';
import { loadCatalogue } from '#config/load-catalogue.ts';
import {
  loadCardReaderTable,
  loadScannerTable,
  loadSigningTokens,
  loadStationProfile,
} from '#config/load-table.ts';
import type { DriverStatus } from '#domain/catalogue/drivers.ts';
import type { Device } from '#domain/contracts/kiosk-agent.ts';
import { createCardReaders } from '../devices/id-card-sdt/card-readers.ts';
import { createScanners } from '../devices/scanners/scanners.ts';
import { createSigningTokens } from '../devices/signing-tokens.ts';
import { resolveModelPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import { createDevices } from '../services/devices.ts';
import type { AgentPaths } from '../settings.ts';
import { version } from '../version.ts';
import { warnOfPack } from './batch.ts';

export async function doctor(options: AgentPaths & { json: boolean }): Promise<number> {
  const catalogue = loadCatalogue(options.configFolder);
  const profile = loadStationProfile(options.profileFile);
  const tokenTable = loadSigningTokens(options.configFolder);
  const reader = createPaperReader(await resolveModelPack(options, warnOfPack));
  const tokens = createSigningTokens({
    drivers: [...profile.tokenDrivers, ...tokenTable.drivers],
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
    onTrouble: (error) => process.stderr.write(`${String(error)}\n`),
  });
  let devices: Device[];
  try {
    await Promise.all([cardReaders.refresh(), scanners.refresh(new AbortController().signal)]);
    devices = await createDevices({
      cardReaders: () => cardReaders.readers(),
      scanners: () => scanners.list(),
      tokens,
      reader,
      onChange: () => undefined,
    }).look(new AbortController().signal);
    // The camera is opened by the page; from here only its absence on the bus could be told.
    devices = devices.filter(({ kind }) => kind !== 'camera');
  } finally {
    await Promise.all([cardReaders.close(), scanners.close(), tokens.close(), reader.close()]);
  }
  const report = {
    version,
    node: process.version,
    station: {
      id: profile.stationId,
      name: profile.stationName,
      programme: profile.programme,
      server: profile.server.url,
    },
    catalogue: { hash: catalogue.hash, certificates: catalogue.certificates.map(({ id }) => id) },
    simulated: profile.simulated,
    devices,
    tokenDrivers: tokens.health(),
    scannerDrivers: scannerTable.drivers.map(({ id, brand, model, kind, status }) => ({
      id,
      brand,
      model,
      kind,
      status,
    })),
    cardReaderDrivers: readerTable.drivers.map(({ id, brand, model, link, status }) => ({
      id,
      brand,
      model,
      link,
      status,
    })),
  };
  process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : asText(report));
  return devices.some(({ state }) => state === 'fault') ? 1 : 0;
}

function asText(report: {
  version: string;
  node: string;
  station: { id: string; name: string; programme: string; server: string };
  catalogue: { hash: string; certificates: string[] };
  simulated: string[];
  devices: Device[];
  tokenDrivers: { id: string; name: string; state: string; testedOn: string }[];
  scannerDrivers: { id: string; brand: string; model: string; status: DriverStatus }[];
  cardReaderDrivers: { id: string; brand: string; model: string; status: DriverStatus }[];
}): string {
  const met = {
    'tested-on-hardware': '已在真机测试',
    'tested-on-emulator': '已在仿真设备测试',
    untested: '未测试',
  } as const satisfies Record<DriverStatus, string>;
  const states = { ready: '正常', missing: '未连接', fault: '故障' } as const;
  const lines = [
    `绿灯站 ${report.version}（Node ${report.node}）`,
    `采集站 ${report.station.id} ${report.station.name}，业务 ${report.station.programme}，服务器 ${report.station.server}`,
    `业务配置 ${report.catalogue.hash.slice(0, 12)}，证件 ${report.catalogue.certificates.join('、')}`,
    `模拟设备：${report.simulated.length === 0 ? '无' : report.simulated.join('、')}`,
    '',
    '设备',
    ...report.devices.map(
      ({ name, state, simulated, driver, advice }) =>
        `  ${states[state]}  ${name}${simulated ? '【模拟】' : ''}  ${driver}${advice ? `\n        ${advice}` : ''}`,
    ),
    '  高拍仪由采集站页面打开，请在页面的“设备”中查看',
    '',
    '驱动（已在真机测试 / 已在仿真设备测试 / 未测试）',
    ...report.tokenDrivers.map(({ id, name, state, testedOn }) => `  ${id}  ${name}  ${state}  ${testedOn}`),
    ...[...report.cardReaderDrivers, ...report.scannerDrivers].map(
      ({ id, brand, model, status }) => `  ${id}  ${brand} ${model}  ${met[status]}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
