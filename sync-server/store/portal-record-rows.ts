import { recordSchema } from '#domain/record/schema.ts';
import { audiencesOfRecord } from '../ports/audiences-of-record.ts';
import type { PortalRecordRows } from '../ports/portal-record-rows.ts';
import { appendChanges, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

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

    setVoid: ({ before, next, actor, at, title }) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable('record')
          .set({ settled_at: (eb) => eb.ref('settled_at') })
          .where('id', '=', next.id)
          .where('state', '=', 'stored')
          .returning('body')
          .executeTakeFirst();
        const stands = row && recordSchema.parse(JSON.parse(row.body));
        const isVoid = next.voided !== undefined;
        if (!stands || (stands.voided !== undefined) === isVoid) return false;
        const { voided: _before, ...rest } = stands;
        const { operations, revision, updatedAt } = next;
        const body = {
          ...rest,
          operations,
          revision,
          updatedAt,
          ...(next.voided ? { voided: next.voided } : {}),
        };
        await trx
          .updateTable('record')
          .set({ body: JSON.stringify(body) })
          .where('id', '=', next.id)
          .execute();
        const by = operations.at(-1)?.by ?? '';
        await appendChanges(
          trx,
          [
            {
              to: audiencesOfRecord(before),
              changes: [{ kind: 'record-void', recordId: next.id, isVoid, at, by }],
            },
          ],
          at,
        );
        const action = isVoid ? 'record-voided' : 'record-restored';
        await noteOperation(trx, { actor, action, refId: next.id, at, detail: title });
        return true;
      }),
  };
}
