import { agreementIdSchema } from '#domain/contracts/mobile/session.ts';
import { faceWantedSchema } from '#domain/contracts/mobile/todos.ts';
import type { CodeRows, ConsentRows, FaceRows } from '../ports/person-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

export function createConsentRows(db: Db): ConsentRows {
  return {
    async of(account, programme) {
      const rows = await db
        .selectFrom('consent')
        .selectAll()
        .where('account_id', '=', account)
        .where('programme', '=', programme)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(100)
        .execute();
      return rows.map((row) => ({
        document: agreementIdSchema.parse(row.document),
        version: row.version,
        at: row.at,
        ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at }),
      }));
    },
    async give(account, programme, given) {
      await db.transaction().execute(async (trx) => {
        for (const { id, document, version, at } of given)
          await trx
            .insertInto('consent')
            .values({ id, account_id: account, programme, document, version, at, withdrawn_at: null })
            .execute();
        for (const { document, version, at } of given)
          await noteOperation(trx, {
            ...{ actor: account, action: 'agreement-given', refId: account, at },
            detail: `${document} ${version}`,
          });
      });
    },
    async withdraw(account, programme, document, at) {
      return db.transaction().execute(async (trx) => {
        const withdrawn = await trx
          .updateTable('consent')
          .set({ withdrawn_at: at })
          .where('account_id', '=', account)
          .where('programme', '=', programme)
          .where('document', '=', document)
          .where('withdrawn_at', 'is', null)
          .returning('id')
          .execute();
        if (withdrawn.length === 0) return false;
        const line = { actor: account, action: 'agreement-withdrawn', refId: account, at };
        await noteOperation(trx, { ...line, detail: document });
        return true;
      });
    },
  };
}

export function createCodeRows(db: Db): CodeRows {
  return {
    async keep({ target, id, codeSha, expiresAtMs }) {
      const code = { id, code_sha: codeSha, expires_at_ms: expiresAtMs };
      await db
        .insertInto('sms_code')
        .values({ target, ...code })
        .onConflict((conflict) => conflict.column('target').doUpdateSet(code))
        .execute();
    },
    async find(target, nowMs) {
      const row = await db
        .selectFrom('sms_code')
        .select(['id', 'code_sha'])
        .where('target', '=', target)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row && { id: row.id, codeSha: row.code_sha };
    },
  };
}

export function createFaceRows(db: Db): FaceRows {
  return {
    async add({ id, account, checkId, idNumber, about, nonce, wanted, expiresAtMs }, nowMs) {
      await db.deleteFrom('face_request').where('expires_at_ms', '<=', nowMs).execute();
      await db
        .insertInto('face_request')
        .values({
          ...{ id, account_id: account, check_id: checkId, id_number: idNumber, about, nonce },
          ...{ body: JSON.stringify(wanted), expires_at_ms: expiresAtMs },
        })
        .execute();
    },
    async find(id, account) {
      const row = await db
        .selectFrom('face_request')
        .selectAll()
        .where('id', '=', id)
        .where('account_id', '=', account)
        .executeTakeFirst();
      return (
        row && {
          ...{ id, account, checkId: row.check_id, idNumber: row.id_number, about: row.about },
          ...{ nonce: row.nonce, expiresAtMs: Number(row.expires_at_ms) },
          wanted: faceWantedSchema.parse(JSON.parse(row.body)),
        }
      );
    },
  };
}
