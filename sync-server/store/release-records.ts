import { recordSchema } from '#domain/record/schema.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';
import { audiencesOfRecord } from '../ports/audiences-of-record.ts';
import type { RecordRows } from '../ports/case-rows.ts';
import { appendChanges, finishJob, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import { holdFiles } from './released-file.ts';

/** 解绑: see the port. */
export function releaseRecords(
  db: Db,
  { jobId, stationId, file, kinds, isOfFile, at, by, action }: Parameters<RecordRows['release']>[0],
): Promise<readonly Audience[]> {
  return db.transaction().execute(async (trx) => {
    if (!(await finishJob(trx, jobId))) return [];
    await holdFiles(trx, file);
    const rows = await trx
      .selectFrom('record')
      .select(['id', 'station_id', 'body'])
      .where('programme', '=', file.programme)
      .where('kind', 'in', [file.kind, ...kinds])
      .where('subject_kind', '=', file.subject.kind ?? 'organisation')
      .where('subject_code', '=', file.subject.creditCode)
      .where('released_at', 'is', null)
      .execute();
    const told = new Set<Audience>();
    for (const { id, station_id, body } of rows) {
      const record = recordSchema.parse(JSON.parse(body));
      if (id !== file.id && !isOfFile(record)) continue;
      await trx.updateTable('record').set({ released_at: at }).where('id', '=', id).execute();
      const change: Change = { kind: 'record-released', recordId: id, at, by, action };
      const to = audiencesOfRecord({ record, stationId: station_id });
      await appendChanges(trx, [{ to, changes: [change] }], at);
      for (const audience of to) told.add(audience);
    }
    await noteOperation(trx, { actor: stationId, action: 'record-released', refId: file.id, at });
    await noteEffect(trx, 'record-released', file.id, at);
    return [...told];
  });
}
