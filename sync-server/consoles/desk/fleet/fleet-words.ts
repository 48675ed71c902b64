import type { FleetStation, StationAlarm } from '#domain/contracts/desk/fleet.ts';
import { words } from '../locales/zh-CN.ts';

const hourMs = 3_600_000;
const gib = 1024 ** 3;

/** An alarm in a sentence that says what to do. */
export function alarmWords({ code, amount = 0, names = [] }: StationAlarm): string {
  const say = words.fleet.alarms;
  switch (code) {
    case 'item-lost':
      return say.itemLost(amount);
    case 'page-lost':
      return say.pageLost(amount);
    case 'item-different':
      return say.itemDifferent(amount);
    case 'quarantined':
      return say.quarantined;
    case 'offline-with-queue':
      return say.offlineWithQueue(amount);
    case 'parked':
      return say.parked(amount);
    case 'old-item':
      return say.oldItem(amount);
    case 'disk-short':
      return say.diskShort(amount);
    case 'device-fault':
      return say.deviceFault(names.join('、'));
    case 'clock-off':
      return say.clockOff(Math.max(1, Math.round(Math.abs(amount) / 60)), amount > 0);
  }
}

/** 不到 1 小时, 5 小时, 3 天. */
export function ageWords(ms: number | undefined): string {
  if (ms === undefined) return words.common.empty;
  if (ms < hourMs) return words.fleet.underAnHour;
  const hours = Math.floor(ms / hourMs);
  return hours < 24 ? words.fleet.hours(hours) : words.fleet.days(Math.floor(hours / 24));
}

export function diskWords(disk: NonNullable<FleetStation['health']>['disk']): string {
  if (!disk) return words.common.empty;
  return words.fleet.disk(
    (disk.freeBytes / gib).toFixed(1),
    Math.floor((disk.freeBytes / disk.totalBytes) * 100),
  );
}

/** Seconds below two minutes, minutes above; 快 when the station is ahead of the server. */
export function offsetWords(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return words.common.empty;
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  if (seconds < 2) return words.fleet.clockRight;
  const amount = seconds < 120 ? words.fleet.seconds(seconds) : words.fleet.minutes(Math.round(seconds / 60));
  return offsetMs > 0 ? words.fleet.slow(amount) : words.fleet.fast(amount);
}

/** What a person may type into the search: name, number, a word of an alarm, a device. */
export function matches(station: FleetStation, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  const devices = station.health?.devices.map(({ name }) => name) ?? [];
  return [station.name, station.id, station.version, ...station.alarms.map(alarmWords), ...devices].some(
    (text) => text.toLowerCase().includes(wanted),
  );
}
