import { demandAtAll } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { stationAlarmCodes } from '#domain/contracts/desk/fleet.ts';
import type {
  AcknowledgeRequest,
  AuditFinding,
  FleetStation,
  StationRow,
} from '#domain/contracts/desk/fleet.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { NumberedSettings, StationHealth, StationSettings } from '#domain/sync/fleet.ts';
import type { FindingCounts, FleetRows, ReportedHealth } from '../../ports/fleet-rows.ts';
import type { Station, StationRows } from '../../ports/station-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { alarmsOf } from './fleet-alarms.ts';
import type { StationSession } from './station-sessions.ts';

/** All stations together, for those who look after them. */
export function createFleet({
  fleet,
  stations,
  announcements,
  clock,
  log,
}: {
  fleet: FleetRows;
  stations: Pick<StationRows, 'list'>;
  announcements: Announcements;
  clock: Clock;
  log: Log;
}) {
  async function listAll(): Promise<FleetStation[]> {
    const [rows, healths, settings, findings] = await Promise.all([
      stations.list(),
      fleet.healths(),
      fleet.settings(),
      fleet.countFindings(),
    ]);
    const now = clock.nowMs();
    return rows
      .map((row) =>
        present(
          row,
          {
            report: healths.get(row.id),
            numbered: settings.get(row.id),
            findings: findings.get(row.id) ?? {},
          },
          now,
        ),
      )
      .sort(worstFirst);
  }

  async function findOne(stationId: string): Promise<FleetStation> {
    const found = (await listAll()).find(({ id }) => id === stationId);
    if (!found) throw new AppError('NOT_FOUND', { stationId });
    return found;
  }

  return {
    /** What a station tells of itself; nothing is decided by it. Throws STATION_FENCED. */
    async report(session: StationSession, health: StationHealth): Promise<void> {
      session.check();
      const clockOffsetMs = clock.nowMs() - Date.parse(health.wall);
      await fleet.saveHealth(session.stationId, { health, reportedAt: clock.now(), clockOffsetMs });
      announcements.announce({ type: 'stations' });
    },

    /** As the cases' pages name them. Throws FORBIDDEN. */
    async names(actor: Actor): Promise<StationRow[]> {
      demandAtAll(actor, 'station.list');
      const now = clock.nowMs();
      return (await stations.list()).map((row) => rowOf(row, now));
    },

    /** Throws FORBIDDEN. */
    async list(actor: Actor): Promise<{ stations: FleetStation[] }> {
      demandAtAll(actor, 'fleet.list');
      return { stations: await listAll() };
    },

    /** Numbered and sent down; a station that is away hears of it when it is back. Throws FORBIDDEN, NOT_FOUND. */
    async changeSettings(actor: Actor, stationId: string, settings: StationSettings): Promise<FleetStation> {
      demandAtAll(actor, 'fleet.configure');
      await fleet.changeSettings(stationId, { settings, accountId: actor.account, at: clock.now() });
      log.info({ stationId, account: actor.account }, 'station settings changed');
      announcements.announceFeed([audienceOf.station(stationId)]);
      announcements.announce({ type: 'stations' });
      return findOne(stationId);
    },

    /** What the audit found at a station and nobody acknowledged. Throws FORBIDDEN. */
    async findings(actor: Actor, stationId: string): Promise<AuditFinding[]> {
      demandAtAll(actor, 'fleet.read');
      return fleet.findings(stationId);
    },

    /** Somebody saw to it: the light goes out and stays so while the audit finds the same. Throws FORBIDDEN, NOT_FOUND. */
    async acknowledge(actor: Actor, stationId: string, request: AcknowledgeRequest): Promise<FleetStation> {
      demandAtAll(actor, 'fleet.acknowledge');
      await fleet.acknowledge(stationId, { ...request, accountId: actor.account, at: clock.now() });
      log.info(
        { stationId, account: actor.account, findings: request.findings.length },
        'findings acknowledged',
      );
      announcements.announce({ type: 'stations' });
      return findOne(stationId);
    },
  };
}
export type Fleet = ReturnType<typeof createFleet>;

function rowOf(
  { id, name, state, pending, appVersion, lastSeenAt, onlineUntilMs }: Station,
  nowMs: number,
): StationRow {
  return {
    ...{ id, name, state, pending },
    version: appVersion,
    online: onlineUntilMs > nowMs,
    ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
  };
}

function present(
  station: Station,
  {
    report,
    numbered,
    findings,
  }: {
    report: ReportedHealth | undefined;
    numbered: NumberedSettings | undefined;
    findings: FindingCounts;
  },
  nowMs: number,
): FleetStation {
  const row = rowOf(station, nowMs);
  const alarms = alarmsOf({ ...row, ...(report ? { report } : {}), findings }, nowMs);
  return {
    ...row,
    pending: report ? report.health.queued : row.pending,
    version: report?.health.appVersion ?? row.version,
    light: alarms.some(({ level }) => level === 'red') ? 'red' : alarms.length > 0 ? 'yellow' : 'green',
    alarms,
    ...report,
    ...(numbered ? { settings: numbered.settings } : {}),
    isSettingsApplied: (report?.health.settingsRevision ?? 0) === (numbered?.revision ?? 0),
  };
}

const lights = ['red', 'yellow', 'green'] as const;

/** By light, then by the worst alarm, then by number of alarms, then by name. */
function worstFirst(left: FleetStation, right: FleetStation): number {
  const rank = (station: FleetStation): [number, number, number] => [
    lights.indexOf(station.light),
    station.alarms[0] ? stationAlarmCodes.indexOf(station.alarms[0].code) : stationAlarmCodes.length,
    -station.alarms.length,
  ];
  const [a, b] = [rank(left), rank(right)];
  const difference = a.map((part, n) => part - (b[n] ?? 0)).find((part) => part !== 0);
  return difference ?? left.name.localeCompare(right.name, 'zh-CN');
}
