import type { Selectable } from 'kysely';
import { subjectKindSchema } from '#domain/primitives.ts';
import { recordDraftBodySchema } from '../ports/record-draft-rows.ts';
import type { DraftWithCode, RecordDraftRows, StoredDraft } from '../ports/record-draft-rows.ts';
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
    async setCode(id, { sha, expiresAtMs }) {
      const row = await db
        .updateTable('record_draft')
        .set({ code_sha: sha, code_expires_at_ms: expiresAtMs, code_used_at: null })
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
    async findByCode(sha) {
      const row = await db
        .selectFrom('record_draft')
        .selectAll()
        .where('code_sha', '=', sha)
        .executeTakeFirst();
      return row && toStoredWithCode(row);
    },
    useCode: (sha, { at, make }) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable('record_draft')
          .set((eb) => ({ revision: eb('revision', '+', 1) }))
          .where('code_sha', '=', sha)
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const found = toStoredWithCode(row);
        const next = { ...found.draft, carrying: make(found), updatedAt: at };
        await trx
          .updateTable('record_draft')
          .set({ ...columnsOf(next), code_used_at: at })
          .where('id', '=', next.id)
          .execute();
        return next;
      }),
    async findCarried(id) {
      const row = await db
        .selectFrom('record_draft')
        .selectAll()
        .where('carried_as', '=', id)
        .executeTakeFirst();
      return row && toStored(row);
    },
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
        .where((eb) =>
          eb.or([
            eb('expires_at_ms', '<=', nowMs),
            eb.exists(
              eb
                .selectFrom('record')
                .select('record.id')
                .whereRef('record.id', '=', 'record_draft.carried_as')
                .where('record.unique_code', 'is not', null),
            ),
          ]),
        )
        .orderBy('expires_at_ms')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

const columnsOf = (draft: StoredDraft) => {
  const { programme, kind, role, subject, changes, account, revision, updatedAt, expiresAtMs } = draft;
  const { subjectName, answers, form, papers, files, carrying } = draft;
  return {
    ...{ programme, kind, role, changes: changes ?? null, account_id: account, revision },
    ...{ subject_kind: subject.kind ?? 'organisation', subject_code: subject.creditCode },
    ...{ updated_at: updatedAt, expires_at_ms: expiresAtMs },
    ...{ carried_as: carrying?.id ?? null, carried_to: carrying?.stationId ?? null },
    ...{ carried_at: carrying?.at ?? null, given_at: carrying?.givenAt ?? null },
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
    ...carryingOf(row),
    ...{ revision: Number(row.revision), createdAt: row.created_at, updatedAt: row.updated_at },
    expiresAtMs: Number(row.expires_at_ms),
  };
};

function carryingOf(row: Selectable<Tables['record_draft']>): Pick<StoredDraft, 'carrying'> {
  const { carried_as: id, carried_to: stationId, carried_at: at, given_at: givenAt } = row;
  if (id === null || stationId === null || at === null) return {};
  return { carrying: { id, stationId, at, ...(givenAt === null ? {} : { givenAt }) } };
}

const toStoredWithCode = (row: Selectable<Tables['record_draft']>): DraftWithCode => ({
  draft: toStored(row),
  code: { expiresAtMs: Number(row.code_expires_at_ms ?? 0), isUsed: row.code_used_at !== null },
});
