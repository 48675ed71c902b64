import { subjectIdOf } from '#domain/record/subject-id.ts';
import type { RemovedList, RemovedRows } from '../ports/removed-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

const maxRows = 500;

export function createRemovedRows(db: Db): RemovedRows {
  const keyOf = ({ subject, programme, kind }: RemovedList) => ({
    subject_id: subjectIdOf(subject),
    programme,
    kind,
  });
  return {
    async of(list) {
      const { subject_id, programme, kind } = keyOf(list);
      const rows = await db
        .selectFrom('removed_row')
        .select('row_id')
        .where('subject_id', '=', subject_id)
        .where('programme', '=', programme)
        .where('kind', '=', kind)
        .orderBy('removed_at', 'desc')
        .limit(maxRows)
        .execute();
      return rows.map(({ row_id }) => row_id);
    },
    async remove(list, row, { stationId, at }) {
      await db.transaction().execute(async (trx) => {
        const added = await trx
          .insertInto('removed_row')
          .values({ ...keyOf(list), row_id: row, removed_at: at })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (Number(added.numInsertedOrUpdatedRows ?? 0) > 0)
          await noteOperation(trx, { actor: stationId, action: 'row-removed', refId: row, at });
      });
    },
    async restore(list, rows) {
      if (rows.length === 0) return;
      const { subject_id, programme, kind } = keyOf(list);
      await db
        .deleteFrom('removed_row')
        .where('subject_id', '=', subject_id)
        .where('programme', '=', programme)
        .where('kind', '=', kind)
        .where('row_id', 'in', [...rows])
        .execute();
    },
  };
}
