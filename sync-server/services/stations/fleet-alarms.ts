import { dayMs } from '#domain/primitives.ts';
import { auditFindingKinds, stationAlarmCodes } from '#domain/contracts/desk/fleet.ts';
import type { StationAlarm } from '#domain/contracts/desk/fleet.ts';
import type { FindingCounts, ReportedHealth } from '../../ports/fleet-rows.ts';
import type { StationState } from '../../ports/station-rows.ts';

const offlineMs = 5 * 60_000;
const clockMs = 2 * 60_000;
const minFree = 0.05;

export interface Watched {
  state: StationState;
  online: boolean;
  /** Of the last hello, for stations that never told their health. */
  pending: number;
  lastSeenAt?: string | undefined;
  report?: ReportedHealth;
  /** Found by the audit and not acknowledged. */
  findings?: FindingCounts;
}

/** What is wrong with a station at this moment, worst first. A revoked one is nobody's concern any more. */
export function alarmsOf(
  { state, online, pending, lastSeenAt, report, findings = {} }: Watched,
  nowMs: number,
): StationAlarm[] {
  if (state === 'revoked') return [];
  const alarms: StationAlarm[] = auditFindingKinds.flatMap((code) => {
    const amount = findings[code] ?? 0;
    return amount === 0 ? [] : [{ code, level: 'red', amount }];
  });
  if (state === 'quarantined') alarms.push({ code: 'quarantined', level: 'red' });

  const health = report?.health;
  const queued = health ? health.queued + health.parked : pending;
  const silentMs = online || lastSeenAt === undefined ? 0 : nowMs - lastTold(lastSeenAt, report);
  if (silentMs > offlineMs && queued > 0)
    alarms.push({ code: 'offline-with-queue', level: 'red', amount: queued });
  if (!health || !report) return alarms;

  if (health.parked > 0) alarms.push({ code: 'parked', level: 'red', amount: health.parked });
  // what waits at a station that went away grows older there
  const sinceMs = online ? 0 : Math.max(nowMs - Date.parse(report.reportedAt), 0);
  const ageMs = health.oldestAgeMs === undefined ? 0 : health.oldestAgeMs + sinceMs;
  if (ageMs > dayMs) alarms.push({ code: 'old-item', level: 'red', amount: Math.floor(ageMs / dayMs) });
  const free = health.disk && health.disk.freeBytes / health.disk.totalBytes;
  if (free !== undefined && free < minFree)
    alarms.push({ code: 'disk-short', level: 'red', amount: Math.floor(free * 1000) / 10 });
  const faulty = health.devices.filter((device) => device.state === 'fault').map(({ name }) => name);
  if (faulty.length > 0) alarms.push({ code: 'device-fault', level: 'yellow', names: faulty });
  if (Math.abs(report.clockOffsetMs) > clockMs)
    alarms.push({ code: 'clock-off', level: 'yellow', amount: Math.round(report.clockOffsetMs / 1000) });
  return alarms.sort(bySeverity);
}

function lastTold(lastSeenAt: string, report: ReportedHealth | undefined): number {
  // after kill -9 of the server's process nobody noted the end: the last report is nearer to it than the hello
  return Math.max(Date.parse(lastSeenAt), report ? Date.parse(report.reportedAt) : 0);
}

function bySeverity(left: StationAlarm, right: StationAlarm): number {
  return stationAlarmCodes.indexOf(left.code) - stationAlarmCodes.indexOf(right.code);
}
