import type { PortalRecordRows } from '../ports/portal-record-rows.ts';
import { appendChanges, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import { writeVoid } from './void-record.ts';

export function createPortalRecordRows(db: Db): PortalRecordRows {
  return {
    async idsOf({ programme, kind, subject, limit }) {
      const rows = await db
        .selectFrom('record')
        .select('id')
        .where('programme', '=', programme)
        .where('kind', '=', kind)
        .where('subject_kind', '=', subject.kind ?? 'organisation')
        .where('subject_code', '=', subject.creditCode)
        // whose a refused one is was not proved; of one that was given back it was
        .where((eb) =>
          eb.or([eb('state', 'in', ['stored', 'superseded']), eb('unique_code', 'is not', null)]),
        )
        .orderBy('settled_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    setVoid: ({ before, isVoid, by, actor, at, title }) =>
      db.transaction().execute(async (trx) => {
        const voided = await writeVoid(trx, before, { isVoid, at, by });
        if (voided.outcome !== 'done') return false;
        await appendChanges(trx, [voided.letter], at);
        const { action } = voided;
        await noteOperation(trx, { actor, action, refId: before.record.id, at, detail: title });
        return true;
      }),
  };
}
