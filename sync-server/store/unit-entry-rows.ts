import { noPassword } from '../ports/account-rows.ts';
import type { UnitEntryRows } from '../ports/unit-entry-rows.ts';
import { findOrAddUnit } from './account-deeds.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

export function createUnitEntryRows(db: Db): UnitEntryRows {
  return {
    accountOf: (unit, { id, type, at }) =>
      db.transaction().execute(async (trx) => {
        const organisation = await findOrAddUnit(trx, { kind: 'organisation', ...unit }, at);
        // whoever comes for the same unit at this moment waits here for the commit
        await trx
          .updateTable('organisation')
          .set((eb) => ({ name: eb.ref('name') }))
          .where('id', '=', organisation)
          .execute();
        const own = await trx
          .selectFrom('account')
          .select('id')
          .where('organisation_id', '=', organisation)
          .where('kind', '=', 'main')
          .orderBy('disabled_at')
          .orderBy('created_at')
          .executeTakeFirst();
        if (own) return own.id;
        await trx
          .insertInto('account')
          .values({
            ...{ id, kind: 'main', type, name: unit.name, department: '', permissions: '[]' },
            ...{ person_id: null, organisation_id: organisation, password_hash: noPassword },
            ...{ created_at: at, disabled_at: null, last_sign_in_at: null },
            ...{ password_issued_at: null, password_issued_by: null, password_until: null },
          })
          .execute();
        await noteOperation(trx, { actor: id, action: 'account-main-opened', refId: id, at });
        return id;
      }),
  };
}
