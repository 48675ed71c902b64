/** People, their departments and permissions: for the desk's page and the administrator's commands beside running servers. */
import { accountRowSchema, guessingAlarmSchema } from '#domain/contracts/desk/accounts.ts';
import type { AccountRow } from '#domain/contracts/desk/accounts.ts';
import type { AccountAct, AccountAdministration, Acting } from '../ports/account-rows.ts';
import { guessingAlarm, insertAccount } from './account-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import { isPostgres } from './open-store.ts';
import type { Selectable, Updateable } from 'kysely';
import type { Db, Trx } from './open-store.ts';
import type { Tables } from './tables.ts';

export function createAccountAdministration(db: Db): AccountAdministration {
  return {
    async list() {
      return (await staff(db).orderBy('id').execute()).map(toRow);
    },
    async add({ passwordUntil, ...account }, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const issued = passwordUntil === undefined ? undefined : { by: actor, until: passwordUntil };
        if (!(await insertAccount(trx, account, at, issued))) return false;
        await noteOperation(trx, { actor, action: 'account-added', refId: account.id, at });
        return true;
      });
    },
    async change(id, decide, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const all = await lockAll(trx);
        const found = all.find((account) => account.id === id);
        if (!found) return undefined;
        const { set, actions, endsSessions } = decide(found, all);
        const columns = columnsOf(set, { actor, at });
        if (Object.keys(columns).length > 0)
          await trx.updateTable('account').set(columns).where('id', '=', id).execute();
        if (endsSessions) await trx.deleteFrom('session').where('account_id', '=', id).execute();
        // whoever is signed in goes on with the new rights, and with another token
        else if (actions.some((action) => givesOtherRights.has(action)))
          await trx.updateTable('session').set({ is_rotation_due: 1 }).where('account_id', '=', id).execute();
        if (set.name !== undefined) await renamePerson(trx, id, set.name);
        for (const action of actions) await noteOperation(trx, { actor, action, refId: id, at });
        return toRow(
          await trx.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
        );
      });
    },
    async guessing() {
      const rows = await db
        .selectFrom('alarm')
        .select(['id', 'ref_id', 'at'])
        .where('kind', '=', guessingAlarm)
        .where('settled_at', 'is', null)
        .orderBy('at')
        .orderBy('id')
        .limit(100)
        .execute();
      return rows.map((row) => guessingAlarmSchema.parse({ id: row.id, account: row.ref_id, at: row.at }));
    },
    async acknowledgeGuessing(alarmId, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const settled = await trx
          .updateTable('alarm')
          .set({ settled_at: at, settled_by: actor })
          .where('id', '=', alarmId)
          .where('kind', '=', guessingAlarm)
          .where('settled_at', 'is', null)
          .returning('ref_id')
          .executeTakeFirst();
        if (!settled) return false;
        await noteOperation(trx, { actor, action: 'account-guessing-seen', refId: settled.ref_id, at });
        return true;
      });
    },
    async operations(id) {
      return db
        .selectFrom('log_line')
        .select(['at', 'account as actor', 'action'])
        .where('ref', '=', id)
        .where('action', 'like', 'account-%')
        .orderBy('number', 'desc')
        .limit(50)
        .execute();
    },
  };
}

const givesOtherRights: ReadonlySet<string> = new Set(['account-permissions', 'account-department']);

/** The desk's own; operators and the like are their organisations' to look after. */
const staff = (db: Db | Trx) => db.selectFrom('account').selectAll().where('kind', '=', 'staff');

const renamePerson = (trx: Trx, account: string, name: string): Promise<unknown> =>
  trx
    .updateTable('person')
    .set({ name })
    .where('id', '=', (eb) => eb.selectFrom('account').select('person_id').where('account.id', '=', account))
    .execute();

/** Two administrators who take the other's permission at the same moment must not both succeed. SQLite has one writer anyway. */
async function lockAll(trx: Trx): Promise<AccountRow[]> {
  const rows = await staff(trx)
    .orderBy('id')
    .$if(isPostgres(trx), (query) => query.forNoKeyUpdate())
    .execute();
  return rows.map(toRow);
}

function columnsOf(set: AccountAct['set'], { actor, at }: Acting): Updateable<Tables['account']> {
  const { permissions, passwordHash, issuedPassword, disabledAt, ...plain } = set;
  return {
    ...plain,
    ...(permissions === undefined ? {} : { permissions: JSON.stringify(permissions) }),
    ...(passwordHash === undefined
      ? {}
      : {
          password_hash: passwordHash,
          password_issued_at: null,
          password_issued_by: null,
          password_until: null,
        }),
    ...(issuedPassword === undefined
      ? {}
      : {
          password_hash: issuedPassword.hash,
          password_issued_at: at,
          password_issued_by: actor,
          password_until: issuedPassword.until,
        }),
    ...(disabledAt === undefined ? {} : { disabled_at: disabledAt }),
  };
}

function toRow(row: Selectable<Tables['account']>): AccountRow {
  const permissions: unknown = JSON.parse(row.permissions);
  return accountRowSchema.parse({
    id: row.id,
    name: row.name,
    department: row.department,
    permissions,
    createdAt: row.created_at,
    disabledAt: row.disabled_at ?? undefined,
    lastSignInAt: row.last_sign_in_at ?? undefined,
    passwordIssuedAt: row.password_issued_at ?? undefined,
  });
}
