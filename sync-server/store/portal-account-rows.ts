import type { PortalAccountRows } from '../ports/portal-account-rows.ts';
import type { Db } from './open-store.ts';

export function createPortalAccountRows(db: Db): PortalAccountRows {
  return {
    async find(account) {
      const row = await db
        .selectFrom('account')
        .leftJoin('record', 'record.id', 'account.record_id')
        .select(['account.type', 'record.programme'])
        .where('account.id', '=', account)
        .executeTakeFirst();
      return row && { type: row.type, ...(row.programme === null ? {} : { programme: row.programme }) };
    },
  };
}
