import type { Selectable } from 'kysely';
import { draftBodySchema, registerAnswerSchema } from '../ports/registration-rows.ts';
import type { RegistrationRows, StoredRegistration } from '../ports/registration-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import { isPostgres } from './open-store.ts';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

/** Who acts in the operation log: whoever fills it in is known by a token alone. */
const applicant = 'applicant';
const maxOfHandler = 50;

export function createRegistrationRows(db: Db): RegistrationRows {
  return {
    begin: ({ tokenSha, ...row }) =>
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('registration')
          .values({ ...columnsOf(row), id: row.id, token_sha: tokenSha, created_at: row.updatedAt })
          .execute();
        await noteOperation(trx, {
          ...{ actor: applicant, action: 'registration-begun', refId: row.id, at: row.updatedAt },
        });
      }),

    async findByToken(tokenSha, nowMs) {
      const row = await db
        .selectFrom('registration')
        .selectAll()
        .where('token_sha', '=', tokenSha)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row && toStored(row);
    },

    async find(id) {
      const row = await db.selectFrom('registration').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toStored(row);
    },

    change: (id, make) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('registration')
          .selectAll()
          .where('id', '=', id)
          .where('record_id', 'is', null)
          .$if(isPostgres(trx), (query) => query.forUpdate())
          .executeTakeFirst();
        if (!row) return undefined;
        const next = make(toStored(row));
        await trx.updateTable('registration').set(columnsOf(next)).where('id', '=', id).execute();
        return next;
      }),

    claim: ({ id, recordId, answer, at, expiresAtMs }) =>
      db.transaction().execute(async (trx) => {
        const claimed = await trx
          .updateTable('registration')
          .set({ record_id: recordId, updated_at: at, expires_at_ms: expiresAtMs })
          .where('id', '=', id)
          .where('record_id', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (!claimed) return false;
        if (answer)
          await trx
            .insertInto('register_answer')
            .values({ record_id: recordId, body: JSON.stringify(answer), asked_at: answer.askedAt })
            .execute();
        await noteOperation(trx, { actor: applicant, action: 'registration-filed', refId: id, at });
        return true;
      }),

    release: ({ id, recordId, at, expiresAtMs }) =>
      db.transaction().execute(async (trx) => {
        const released = await trx
          .updateTable('registration')
          .set({ record_id: null, updated_at: at, expires_at_ms: expiresAtMs })
          .where('id', '=', id)
          .where('record_id', '=', recordId)
          .returning('id')
          .executeTakeFirst();
        if (!released) return;
        await noteOperation(trx, { actor: applicant, action: 'registration-reopened', refId: id, at });
      }),

    async answerOf(recordId) {
      const row = await db
        .selectFrom('register_answer')
        .select('body')
        .where('record_id', '=', recordId)
        .executeTakeFirst();
      return row && registerAnswerSchema.parse(JSON.parse(row.body));
    },

    async ofHandler(idNumber, nowMs) {
      const rows = await db
        .selectFrom('registration')
        .selectAll()
        .where('handler_id', '=', idNumber)
        .where('expires_at_ms', '>', nowMs)
        .orderBy('id', 'desc')
        .limit(maxOfHandler)
        .execute();
      return rows.map(toStored);
    },

    takeUp: ({ id, tokenSha, actor, at }) =>
      db.transaction().execute(async (trx) => {
        await trx
          .updateTable('registration')
          .set({ token_sha: tokenSha, updated_at: at })
          .where('id', '=', id)
          .execute();
        await noteOperation(trx, { actor, action: 'registration-taken-up', refId: id, at });
      }),

    drop: (id, at) =>
      db.transaction().execute(async (trx) => {
        const row = await trx
          .deleteFrom('registration')
          .where('id', '=', id)
          .returning('body')
          .executeTakeFirst();
        if (!row) return [];
        await noteOperation(trx, { actor: applicant, action: 'registration-dropped', refId: id, at });
        return draftBodySchema.parse(JSON.parse(row.body)).files.map(({ blob }) => blob);
      }),

    async expired(nowMs, limit) {
      const rows = await db
        .selectFrom('registration')
        .select('id')
        .where('expires_at_ms', '<=', nowMs)
        .orderBy('expires_at_ms')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

const columnsOf = ({
  programme,
  type,
  handlerId,
  recordId,
  updatedAt,
  expiresAtMs,
  values,
  filled,
  files,
}: StoredRegistration) => ({
  ...{ programme, type, handler_id: handlerId, record_id: recordId ?? null },
  ...{ updated_at: updatedAt, expires_at_ms: expiresAtMs, body: JSON.stringify({ values, filled, files }) },
});

const toStored = (row: Selectable<Tables['registration']>): StoredRegistration => ({
  ...draftBodySchema.parse(JSON.parse(row.body)),
  ...{ id: row.id, programme: row.programme, type: row.type, handlerId: row.handler_id },
  ...(row.record_id === null ? {} : { recordId: row.record_id }),
  ...{ updatedAt: row.updated_at, expiresAtMs: Number(row.expires_at_ms) },
});
