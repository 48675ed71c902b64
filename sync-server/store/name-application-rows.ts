import type { Selectable } from 'kysely';
import { applicationBodySchema } from '../ports/name-application-rows.ts';
import type { NameApplicationRows, StoredApplication } from '../ports/name-application-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import { isPostgres } from './open-store.ts';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

export function createNameApplicationRows(db: Db): NameApplicationRows {
  return {
    async find(account) {
      const row = await db
        .selectFrom('name_application')
        .selectAll()
        .where('account_id', '=', account)
        .executeTakeFirst();
      return row && toStored(row);
    },
    change: ({ account, programme, at, expiresAtMs }, make) =>
      db.transaction().execute(async (trx) => {
        const empty = { account_id: account, programme, record_id: null, body: '{"files":[]}' };
        await trx
          .insertInto('name_application')
          .values({ ...empty, updated_at: at, expires_at_ms: expiresAtMs })
          .onConflict((conflict) => conflict.column('account_id').doNothing())
          .execute();
        const row = await trx
          .selectFrom('name_application')
          .selectAll()
          .where('account_id', '=', account)
          .where('record_id', 'is', null)
          .$if(isPostgres(trx), (query) => query.forUpdate())
          .executeTakeFirst();
        if (!row) return undefined;
        const files = make(toStored(row).files);
        await trx
          .updateTable('name_application')
          .set({
            ...{ programme, body: JSON.stringify({ files }) },
            ...{ updated_at: at, expires_at_ms: expiresAtMs },
          })
          .where('account_id', '=', account)
          .execute();
        return { account, programme, files, expiresAtMs };
      }),
    claim: ({ account, recordId, at, expiresAtMs }) =>
      db.transaction().execute(async (trx) => {
        const claimed = await trx
          .updateTable('name_application')
          .set({ record_id: recordId, updated_at: at, expires_at_ms: expiresAtMs })
          .where('account_id', '=', account)
          .where('record_id', 'is', null)
          .returning('account_id')
          .executeTakeFirst();
        if (!claimed) return false;
        await noteOperation(trx, { actor: account, action: 'name-application-filed', refId: account, at });
        return true;
      }),
    async release({ account, recordId, at, expiresAtMs }) {
      await db
        .updateTable('name_application')
        .set({ record_id: null, updated_at: at, expires_at_ms: expiresAtMs })
        .where('account_id', '=', account)
        .where('record_id', '=', recordId)
        .execute();
    },
    async expired(nowMs, limit) {
      const rows = await db
        .selectFrom('name_application')
        .select('account_id')
        .where('expires_at_ms', '<=', nowMs)
        .limit(limit)
        .execute();
      return rows.map(({ account_id: account }) => account);
    },
    async drop(account) {
      const row = await db
        .deleteFrom('name_application')
        .where('account_id', '=', account)
        .returningAll()
        .executeTakeFirst();
      return row ? toStored(row).files.map(({ blob }) => blob) : [];
    },
  };
}

const toStored = (row: Selectable<Tables['name_application']>): StoredApplication => ({
  ...{ account: row.account_id, programme: row.programme },
  files: applicationBodySchema.parse(JSON.parse(row.body)).files,
  ...(row.record_id === null ? {} : { recordId: row.record_id }),
  expiresAtMs: Number(row.expires_at_ms),
});
