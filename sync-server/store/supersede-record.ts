import { AppError } from '#domain/errors/app-error.ts';
import { stateAfter, statesThatAllow } from '#domain/record/lifecycle.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import { audiencesOfRecord } from '../ports/audiences-of-record.ts';
import type { Addressed } from './bookkeeping.ts';
import type { Trx } from './open-store.ts';

const supersededState = stateAfter(stateAfter('submitted', 'store'), 'supersede');

/**
 * The record that the new one replaces stands no more, wherever it was entered. Of two that replace one and the same the
 * first does; the second fails here, and is refused when it is looked at once more.
 */
export async function supersede(trx: Trx, record: LudengRecord, at: string): Promise<Addressed[]> {
  const { supersedes } = record;
  if (supersedes === undefined) return [];
  const old = await trx
    .updateTable('record')
    .set({ state: supersededState, superseded_at: at })
    .where('id', '=', supersedes)
    .where('state', 'in', statesThatAllow('supersede'))
    .returning('station_id')
    .executeTakeFirst();
  if (!old) {
    const row = await trx
      .selectFrom('record')
      .select('state')
      .where('id', '=', supersedes)
      .executeTakeFirst();
    if (row?.state === supersededState) throw new AppError('RECORD_SUPERSEDED', { record: supersedes });
    return [];
  }
  const change: Change = { kind: 'record-superseded', recordId: supersedes, by: record.id, at };
  return [{ to: audiencesOfRecord({ record, stationId: old.station_id }), changes: [change] }];
}
