/** What `./ludeng doctor` says to a person. */
import type { DriverStatus } from '#domain/catalogue/drivers.ts';
import type { Device } from '#domain/contracts/kiosk/devices.ts';
import type { SystemCamera } from '../devices/cameras.ts';

export interface DriverLine {
  kind: 'signing-token' | 'card-reader' | 'scanner';
  id: string;
  name: string;
  status: DriverStatus;
  /** Of a signing token: whether the vendor's library is on this machine and answers. */
  library?: 'ready' | 'not-installed' | 'fault';
}

export interface DoctorReport {
  version: string;
  node: string;
  station: { id: string; name: string; programme: string; server: string };
  catalogue: { hash: string; documentTypes: string[] };
  simulated: string[];
  devices: Device[];
  cameras: SystemCamera[];
  drivers: DriverLine[];
}

const statuses = {
  'tested-on-hardware': '已在真机测试',
  'tested-on-emulator': '仅在仿真设备测试',
  untested: '未测试',
} as const satisfies Record<DriverStatus, string>;
const states = { ready: '正常', missing: '未连接', fault: '故障' } as const;
const libraries = { ready: '驱动库可用', 'not-installed': '驱动库未安装', fault: '驱动库故障' } as const;
const kinds = { 'signing-token': 'UKey', 'card-reader': '身份证读卡器', scanner: '扫描仪' } as const;

export function doctorText(report: DoctorReport): string {
  const { station, catalogue, simulated } = report;
  const ofKind = (kind: DriverLine['kind']): string[] => [
    `  ${kinds[kind]}`,
    ...report.drivers
      .filter((driver) => driver.kind === kind)
      .map(({ id, name, status, library }) =>
        [`    ${statuses[status]}`, name, id, ...(library ? [libraries[library]] : [])].join('  '),
      ),
  ];
  return `${[
    `绿灯站 ${report.version}（Node ${report.node}）`,
    `采集站 ${station.id} ${station.name}，业务 ${station.programme}，服务器 ${station.server}`,
    `业务配置 ${catalogue.hash.slice(0, 12)}，共 ${catalogue.documentTypes.length} 种证件`,
    `模拟设备：${simulated.length === 0 ? '无' : simulated.join('、')}`,
    '',
    '设备',
    ...report.devices.flatMap(deviceLines),
    ...cameraLines(report.cameras),
    '',
    '驱动表中的型号（未在真机测试的，采购前请先试用）',
    ...(['signing-token', 'card-reader', 'scanner'] as const).flatMap(ofKind),
  ].join('\n')}\n`;
}

function deviceLines({ name, state, simulated, driver, tested, advice }: Device): string[] {
  const about = [driver, ...(tested ? [`驱动${statuses[tested]}`] : [])].filter((part) => part !== '');
  return [
    `  ${states[state]}  ${name}${simulated ? '【模拟】' : ''}${about.length > 0 ? `（${about.join('，')}）` : ''}`,
    ...(advice ? [`        ${advice}`] : []),
  ];
}

function cameraLines(cameras: readonly SystemCamera[]): string[] {
  const found = cameras.map(({ name, path }) => `  已接入  摄像头 ${name}（${path}）`);
  return [
    ...(found.length > 0 ? found : ['  未发现  摄像头']),
    '        高拍仪由采集站页面打开，画面请在页面的“设备”中测试',
  ];
}
