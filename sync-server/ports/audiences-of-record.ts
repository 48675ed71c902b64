import { audienceOf } from '#domain/sync/audience.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { StoredRecord } from './case-rows.ts';
import { ownStation } from '#domain/sync/own-station.ts';

/** Who hears of a record: whose it is, at whatever counter, the station where it was entered, and the one that acted on it. Nobody listens where a browser filed it. */
export function audiencesOfRecord(
  { record, stationId }: Pick<StoredRecord, 'record' | 'stationId'>,
  actingStation = stationId,
): Audience[] {
  const stations = new Set([stationId, actingStation]);
  stations.delete(ownStation.id);
  return [audienceOf.subject(record.subject), ...[...stations].map(audienceOf.station)];
}
