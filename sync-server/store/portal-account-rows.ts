import type { PortalAccountRows } from '../ports/portal-account-rows.ts';
import type { Db } from './open-store.ts';

export function createPortalAccountRows(db: Db): PortalAccountRows {
  return {
    async find(account) {
      const row = await db
        .selectFrom('account')
        .leftJoin('record', 'record.id', 'account.record_id')
        .leftJoin('institution', 'institution.account_id', 'account.id')
        .select(['account.type', 'record.programme', 'institution.programme as platform'])
        .where('account.id', '=', account)
        .executeTakeFirst();
      if (!row) return undefined;
      const programme = row.programme ?? row.platform;
      return { type: row.type, ...(programme === null ? {} : { programme }) };
    },
    async institutionRoles(account, programme) {
      const rows = await db
        .selectFrom('institution')
        .innerJoin('account', 'account.organisation_id', 'institution.organisation_id')
        .select('institution.role')
        .where('account.id', '=', account)
        .where('institution.programme', '=', programme)
        .orderBy('institution.created_at')
        .orderBy('institution.id')
        .execute();
      return rows.map(({ role }) => role);
    },
  };
}
