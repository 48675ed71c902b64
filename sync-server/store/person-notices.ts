import { ownStation } from '#domain/sync/own-station.ts';
import type { PersonNoticeRows, RecordOrigins } from '../ports/person-rows.ts';
import type { Db } from './open-store.ts';

export function createPersonNoticeRows(db: Db): PersonNoticeRows {
  return {
    async list(audiences, limit) {
      const rows = await db
        .selectFrom('notice')
        .innerJoin('case_file', 'case_file.id', 'notice.case_id')
        .select(['notice.id', 'notice.text', 'notice.at', 'notice.read_at', 'notice.case_id'])
        .select(['case_file.kind_title', 'case_file.subject_name'])
        .where('notice.audience', 'in', [...audiences])
        .orderBy('notice.at', 'desc')
        .orderBy('notice.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        ...{ id: row.id, text: row.text, at: row.at, isRead: row.read_at !== null },
        ...{ kindTitle: row.kind_title, subjectName: row.subject_name, caseId: row.case_id },
      }));
    },
    async unread(audiences) {
      const { count } = await db
        .selectFrom('notice')
        .select((eb) => eb.fn.countAll().as('count'))
        .where('audience', 'in', [...audiences])
        .where('read_at', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async read(id, audiences, at) {
      const found = await db
        .updateTable('notice')
        .set((eb) => ({ read_at: eb.fn.coalesce('read_at', eb.val(at)) }))
        .where('id', '=', id)
        .where('audience', 'in', [...audiences])
        .returning('id')
        .executeTakeFirst();
      return found !== undefined;
    },
  };
}

/** By the log for what came from a browser, by the station for what came from a counter. */
export function createRecordOrigins(db: Db): RecordOrigins {
  return {
    async of(recordId) {
      const row = await db
        .selectFrom('record')
        .leftJoin('station', 'station.id', 'record.station_id')
        .select(['record.station_id', 'station.name'])
        .where('record.id', '=', recordId)
        .executeTakeFirst();
      if (!row) return undefined;
      if (row.station_id !== ownStation.id)
        return { place: row.name ?? row.station_id, device: '', isStation: true };
      const line = await db
        .selectFrom('log_line')
        .select(['place', 'device'])
        .where('ref', '=', recordId)
        .where('action', '=', 'record-filed')
        .orderBy('number')
        .executeTakeFirst();
      return { place: line?.place ?? '', device: line?.device ?? '', isStation: false };
    },
  };
}
