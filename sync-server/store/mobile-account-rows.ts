import { ulid } from 'ulid';
import type { MobileAccountRows } from '../ports/mobile-account-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';
import { mobileKey } from './operator-rows.ts';

export function createMobileAccountRows(db: Db): MobileAccountRows {
  return {
    async open({ id, type, name, mobile, passwordHash, at }) {
      try {
        await db.transaction().execute(async (trx) => {
          const person = ulid();
          await trx
            .insertInto('person')
            .values({ id: person, name, id_number: null, mobile, created_at: at })
            .execute();
          await trx
            .insertInto('account')
            .values({
              ...{ id, kind: 'person', type, name, department: '', permissions: '[]', person_id: person },
              ...{ organisation_id: null, password_hash: passwordHash, created_at: at, disabled_at: null },
              ...{ last_sign_in_at: null, password_issued_at: null, password_issued_by: null },
              password_until: null,
            })
            .execute();
          await takeNumber(trx, { account: id, name, mobile, at });
          await noteOperation(trx, { actor: id, action: 'account-mobile-opened', refId: id, at });
        });
        return true;
      } catch (error) {
        if (error instanceof NumberTaken) return false;
        throw error;
      }
    },
    async byMobile(mobile, type) {
      const row = await db
        .selectFrom('identity')
        .innerJoin('account', 'account.id', 'identity.account_id')
        .select(['account.id', 'account.disabled_at', 'account.frozen_at', 'account.frozen_reason'])
        .where('identity.id', '=', mobileKey(mobile))
        .where('account.kind', '=', 'person')
        .where('account.type', '=', type)
        .executeTakeFirst();
      return (
        row && {
          ...{ id: row.id, isDisabled: row.disabled_at !== null },
          ...(row.frozen_at === null ? {} : { frozenFor: row.frozen_reason ?? '' }),
        }
      );
    },
    choosePassword: ({ account, passwordHash, at }) =>
      db.transaction().execute(async (trx) => {
        const changed = await trx
          .updateTable('account')
          .set({
            ...{ password_hash: passwordHash, password_issued_at: null, password_issued_by: null },
            password_until: null,
          })
          .where('id', '=', account)
          .where('disabled_at', 'is', null)
          .where('frozen_at', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (!changed) return false;
        await trx.deleteFrom('session').where('account_id', '=', account).execute();
        await noteOperation(trx, {
          ...{ actor: account, action: 'account-password-by-mobile', refId: account, at },
        });
        return true;
      }),
  };
}

/** Nothing of the account is written then. */
class NumberTaken extends Error {}

/** The number is one account's only, an operator's among them; of two who take it at the same moment, one does. Throws NumberTaken. */
async function takeNumber(
  trx: Trx,
  { account, name, mobile, at }: { account: string; name: string; mobile: string; at: string },
): Promise<void> {
  const namesake = await trx.selectFrom('account').select('id').where('id', '=', mobile).executeTakeFirst();
  if (namesake) throw new NumberTaken();
  const taken = await trx
    .insertInto('identity')
    .values({
      ...{ id: mobileKey(mobile), account_id: account, kind: 'person', scheme: 'mobile' },
      ...{ value: mobile, name, way: 'password', proved_at: at },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!taken) throw new NumberTaken();
}
