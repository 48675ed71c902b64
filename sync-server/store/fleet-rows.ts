import { auditFindingKinds, auditFindingsSchema } from '#domain/contracts/desk/fleet.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { stationHealthSchema, stationSettingsSchema } from '#domain/sync/fleet.ts';
import { ownStation } from '#domain/sync/own-station.ts';
import type { FindingCounts, FleetCounts, FleetRows, ReportedHealth } from '../ports/fleet-rows.ts';
import { appendChanges, maxFindings, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

export function createFleetRows(db: Db): FleetRows {
  return {
    async saveHealth(stationId, { health, reportedAt, clockOffsetMs }) {
      const row = {
        body: JSON.stringify(health),
        reported_at: reportedAt,
        clock_offset_ms: Math.round(clockOffsetMs),
      };
      await db
        .insertInto('station_health')
        .values({ station_id: stationId, ...row })
        .onConflict((conflict) => conflict.column('station_id').doUpdateSet(row))
        .execute();
    },
    async healths() {
      const rows = await db.selectFrom('station_health').selectAll().execute();
      const healths = new Map<string, ReportedHealth>();
      for (const { station_id, body, reported_at, clock_offset_ms } of rows) {
        // another version may have kept it; the next report is a minute away
        const { data: health } = stationHealthSchema.safeParse(JSON.parse(body));
        if (!health) continue;
        healths.set(station_id, {
          health,
          reportedAt: reported_at,
          clockOffsetMs: Number(clock_offset_ms),
        });
      }
      return healths;
    },
    async settings() {
      const rows = await db.selectFrom('station_setting').selectAll().execute();
      return new Map(
        rows.map((row) => [
          row.station_id,
          { revision: Number(row.revision), settings: stationSettingsSchema.parse(JSON.parse(row.body)) },
        ]),
      );
    },
    async countFindings() {
      const rows = await unsettledFindings(db)
        .select((eb) => ['station_id', 'kind', eb.fn.countAll().as('count')])
        .groupBy(['station_id', 'kind'])
        .execute();
      const counts = new Map<string, FindingCounts>();
      for (const { station_id, kind, count } of rows) {
        const id = station_id ?? '';
        counts.set(id, { ...counts.get(id), [kind]: Number(count) });
      }
      return counts;
    },
    async findings(stationId) {
      const rows = await unsettledFindings(db)
        // the station named the item: of another's records it shall show nothing
        .leftJoin('record', (join) =>
          join
            .onRef('record.item_id', '=', 'alarm.ref_id')
            .onRef('record.station_id', '=', 'alarm.station_id'),
        )
        .select(['alarm.id', 'alarm.at', 'alarm.kind', 'alarm.ref_id', 'record.unique_code'])
        .where('alarm.station_id', '=', stationId)
        .orderBy('alarm.at')
        .orderBy('alarm.id')
        .limit(maxFindings)
        .execute();
      return auditFindingsSchema.parse(
        rows.map(({ id, at, kind, ref_id, unique_code }) => ({
          ...{ id, at, kind },
          itemId: ref_id,
          uniqueCode: unique_code ?? undefined,
        })),
      );
    },
    async acknowledge(stationId, { findings, reason, accountId, at }) {
      await db.transaction().execute(async (trx) => {
        const settled = await trx
          .updateTable('alarm')
          .set({ settled_at: at, settled_by: accountId, settled_reason: reason, is_known: 1 })
          .where('id', 'in', findings)
          .where('station_id', '=', stationId)
          .where('settled_at', 'is', null)
          .returning('id')
          .execute();
        for (const { id } of settled)
          await noteOperation(trx, { actor: accountId, action: 'alarm-acknowledged', refId: id, at });
      });
    },
    async changeSettings(stationId, { settings, accountId, at }) {
      await db.transaction().execute(async (trx) => {
        const known = await trx
          .updateTable('station')
          .set({ name: settings.name })
          .where('id', '=', stationId)
          .returning('id')
          .executeTakeFirst();
        if (!known) throw new AppError('NOT_FOUND', { stationId });
        const row = { body: JSON.stringify(settings), changed_at: at, account_id: accountId };
        const { revision } = await trx
          .insertInto('station_setting')
          .values({ station_id: stationId, revision: 1, ...row })
          .onConflict((conflict) =>
            conflict
              .column('station_id')
              .doUpdateSet((eb) => ({ ...row, revision: eb('station_setting.revision', '+', 1) })),
          )
          .returning('revision')
          .executeTakeFirstOrThrow();
        const change = { kind: 'station-settings', revision: Number(revision), settings } as const;
        await appendChanges(trx, [{ to: [audienceOf.station(stationId)], changes: [change] }], at);
        await noteOperation(trx, { actor: accountId, action: 'station-settings', refId: stationId, at });
      });
    },
  };
}

const unsettledFindings = (db: Db) =>
  db
    .selectFrom('alarm')
    .where('alarm.kind', 'in', auditFindingKinds)
    .where('alarm.settled_at', 'is', null)
    .where('alarm.station_id', 'is not', null);

/** For the metrics page; finished jobs, which only become more, are not touched. */
export async function countFleet(db: Db, nowMs: number): Promise<FleetCounts> {
  const stations = await db
    .selectFrom('station')
    .select(['state', 'online_until_ms'])
    .where('id', '!=', ownStation.id)
    .execute();
  const open = await db
    .selectFrom('job')
    .select((eb) => ['state', 'attempts', eb.fn.countAll().as('n')])
    .where('state', '!=', 'done')
    .groupBy(['state', 'attempts'])
    .execute();
  const counts: FleetCounts = {
    stationsByState: { active: 0, quarantined: 0, revoked: 0 },
    stationsOnline: stations.filter((station) => Number(station.online_until_ms) > nowMs).length,
    jobs: { ready: 0, failing: 0, leased: 0, parked: 0 },
  };
  for (const { state } of stations) counts.stationsByState[state] = (counts.stationsByState[state] ?? 0) + 1;
  for (const { state, n, attempts } of open) {
    const shown = state === 'ready' && Number(attempts) > 0 ? 'failing' : state;
    if (shown in counts.jobs) counts.jobs[shown as keyof FleetCounts['jobs']] += Number(n);
  }
  return counts;
}
