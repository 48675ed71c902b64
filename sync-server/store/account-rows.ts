import { accountViewSchema } from '#domain/contracts/desk/session.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import type { AccountRows } from '../ports/account-rows.ts';
import { reserve } from './atomic-rows.ts';
import { noteOperation, raiseAlarm } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

/** Kind of the alarm; `ref_id` is the account. */
export const guessingAlarm = 'sign-in-guessing';
const guessingAgainMs = 60 * 60_000;

/** False where the id is taken. */
export async function insertAccount(
  db: Db | Trx,
  account: AccountView & { passwordHash: string },
  at: string,
  issued?: { by: string; until: string },
): Promise<boolean> {
  const { id, name, department, permissions, passwordHash } = account;
  const added = await db
    .insertInto('account')
    .values({
      id,
      name,
      department,
      permissions: JSON.stringify(permissions),
      password_hash: passwordHash,
      created_at: at,
      disabled_at: null,
      last_sign_in_at: null,
      password_issued_at: issued ? at : null,
      password_issued_by: issued?.by ?? null,
      password_until: issued?.until ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export function createAccountRows(db: Db): AccountRows {
  return {
    async add(account, at) {
      await insertAccount(db, account, at);
    },
    async count() {
      const row = await db
        .selectFrom('account')
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async find(id) {
      const row = await db
        .selectFrom('account')
        .selectAll()
        .where('id', '=', id)
        .where('disabled_at', 'is', null)
        .executeTakeFirst();
      return (
        row && {
          ...toView(row),
          passwordHash: row.password_hash,
          ...(row.password_until === null ? {} : { passwordUntil: row.password_until }),
        }
      );
    },
    async openSession({ tokenSha, accountId, at, expiresAt }) {
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('desk_session').where('expires_at', '<=', at).execute();
        await trx
          .insertInto('desk_session')
          .values({ token_sha: tokenSha, account_id: accountId, created_at: at, expires_at: expiresAt })
          .execute();
        await trx.updateTable('account').set({ last_sign_in_at: at }).where('id', '=', accountId).execute();
      });
    },
    async findOwnSession(tokenSha, at) {
      const row = await db
        .selectFrom('desk_session')
        .innerJoin('account', 'account.id', 'desk_session.account_id')
        .leftJoin('account as maker', 'maker.id', 'account.password_issued_by')
        .select(['account.id', 'account.name', 'account.department', 'account.permissions'])
        .select(['account.created_at', 'account.password_issued_at', 'account.password_issued_by'])
        .select('maker.name as maker_name')
        .where('token_sha', '=', tokenSha)
        .where('expires_at', '>', at)
        .where('account.disabled_at', 'is', null)
        .executeTakeFirst();
      if (!row) return undefined;
      const { password_issued_at: issuedAt, password_issued_by: by } = row;
      if (issuedAt === null) return { account: toView(row) };
      const isReset = issuedAt !== row.created_at;
      return {
        account: toView(row),
        issued: { at: issuedAt, by: by ?? '', byName: row.maker_name ?? undefined, isReset },
      };
    },
    async changeOwnPassword({ id, from, to, keptSessionSha, at }) {
      return db.transaction().execute(async (trx) => {
        const changed = await trx
          .updateTable('account')
          .set({
            password_hash: to,
            password_issued_at: null,
            password_issued_by: null,
            password_until: null,
          })
          .where('id', '=', id)
          .where('password_hash', '=', from)
          .where('disabled_at', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (!changed) return false;
        await trx
          .deleteFrom('desk_session')
          .where('account_id', '=', id)
          .where('token_sha', '!=', keptSessionSha)
          .execute();
        await noteOperation(trx, { actor: id, action: 'account-own-password', refId: id, at });
        return true;
      });
    },
    async closeSession(tokenSha) {
      await db.deleteFrom('desk_session').where('token_sha', '=', tokenSha).execute();
    },
    async noteGuessing(id, at) {
      const nowMs = Date.parse(at);
      await db.transaction().execute(async (trx) => {
        const once = { nowMs, untilMs: nowMs + guessingAgainMs };
        if (!(await reserve(trx, `${guessingAlarm} ${id}`, once))) return;
        await raiseAlarm(trx, { kind: guessingAlarm, refId: id, detail: `account ${id}`, at });
      });
    },
  };
}

function toView(row: { id: string; name: string; department: string; permissions: string }): AccountView {
  const permissions: unknown = JSON.parse(row.permissions);
  return accountViewSchema.parse({ ...row, permissions });
}
