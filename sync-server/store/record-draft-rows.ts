import type { Selectable } from 'kysely';
import { subjectKindSchema } from '#domain/primitives.ts';
import { recordDraftBodySchema } from '../ports/record-draft-rows.ts';
import type { RecordDraftRows, StoredDraft } from '../ports/record-draft-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

export function createRecordDraftRows(db: Db): RecordDraftRows {
  return {
    async begin(draft) {
      const begun = await db
        .insertInto('record_draft')
        .values({ id: draft.id, created_at: draft.createdAt, ...columnsOf(draft) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      return begun !== undefined;
    },
    async find(id) {
      const row = await db.selectFrom('record_draft').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toStored(row);
    },
    async findChanging(recordId) {
      const row = await db
        .selectFrom('record_draft')
        .selectAll()
        .where('changes', '=', recordId)
        .executeTakeFirst();
      return row && toStored(row);
    },
    async ofSubject({ programme, kind, subject, limit }) {
      const rows = await db
        .selectFrom('record_draft')
        .selectAll()
        .where('programme', '=', programme)
        .where('kind', '=', kind)
        .where('subject_kind', '=', subject.kind ?? 'organisation')
        .where('subject_code', '=', subject.creditCode)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toStored);
    },
    change: (id, make) =>
      db.transaction().execute(async (trx) => {
        // its row first: of two that change it the second sees what the first made
        const row = await trx
          .updateTable('record_draft')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const { revision } = row;
        const next = { ...make(toStored({ ...row, revision: revision - 1 })), revision };
        await trx.updateTable('record_draft').set(columnsOf(next)).where('id', '=', id).execute();
        return next;
      }),
    drop: (id, noting) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .deleteFrom('record_draft')
          .where('id', '=', id)
          .returning('body')
          .executeTakeFirst();
        if (!row) return [];
        if (noting) await noteOperation(trx, { ...noting, action: 'record-draft-dropped', refId: id });
        const { files } = recordDraftBodySchema.parse(JSON.parse(row.body));
        return files.flatMap(({ blob }) => blob ?? []);
      }),
    async expired(nowMs, limit) {
      const rows = await db
        .selectFrom('record_draft')
        .select('id')
        .where('expires_at_ms', '<=', nowMs)
        .orderBy('expires_at_ms')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

const columnsOf = (draft: StoredDraft) => {
  const { programme, kind, role, subject, changes, account, revision, updatedAt, expiresAtMs } = draft;
  const { subjectName, answers, form, papers, files } = draft;
  return {
    ...{ programme, kind, role, changes: changes ?? null, account_id: account, revision },
    ...{ subject_kind: subject.kind ?? 'organisation', subject_code: subject.creditCode },
    ...{ updated_at: updatedAt, expires_at_ms: expiresAtMs },
    body: JSON.stringify({ subjectName, answers, form, papers, files }),
  };
};

const toStored = (row: Selectable<Tables['record_draft']>): StoredDraft => {
  const kind = subjectKindSchema.parse(row.subject_kind);
  return {
    ...recordDraftBodySchema.parse(JSON.parse(row.body)),
    ...{ id: row.id, programme: row.programme, kind: row.kind, role: row.role, account: row.account_id },
    subject: { ...(kind === 'organisation' ? {} : { kind }), creditCode: row.subject_code },
    ...(row.changes === null ? {} : { changes: row.changes }),
    ...{ revision: Number(row.revision), createdAt: row.created_at, updatedAt: row.updated_at },
    expiresAtMs: Number(row.expires_at_ms),
  };
};
