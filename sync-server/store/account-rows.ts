import { randomUUID } from 'node:crypto';
import { identitySchemeSchema } from '#domain/accounts/identity.ts';
import type { Identity } from '#domain/accounts/identity.ts';
import { accountKindSchema } from '#domain/accounts/schema.ts';
import { accountViewSchema } from '#domain/contracts/desk/session.ts';
import type { AccountView } from '#domain/contracts/desk/session.ts';
import type { AccountRows } from '../ports/account-rows.ts';
import { reserve } from './atomic-rows.ts';
import { noteOperation, raiseAlarm } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';
import { prepareQuery } from './prepared-query.ts';

/** Kind of the alarm; `ref_id` is the account. */
export const guessingAlarm = 'sign-in-guessing';
const guessingAgainMs = 60 * 60_000;

/** False where the id is taken. */
export async function insertAccount(
  db: Trx,
  account: AccountView & { passwordHash: string },
  at: string,
  issued?: { by: string; until: string },
): Promise<boolean> {
  const { id, name, department, permissions, passwordHash } = account;
  const person = randomUUID();
  const added = await db
    .insertInto('account')
    .values({
      id,
      kind: 'staff',
      person_id: person,
      organisation_id: null,
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
  if (!added) return false;
  await db
    .insertInto('person')
    .values({ id: person, name, id_number: null, mobile: null, created_at: at })
    .execute();
  await db
    .insertInto('identity')
    .values({
      ...{ id: randomUUID(), account_id: id, kind: 'person', scheme: 'account', value: id, name },
      ...{ way: 'password', proved_at: at },
    })
    .execute();
  return true;
}

const findAccount = prepareQuery('account-find', (db, { id, asMobile }: Record<'id' | 'asMobile', string>) =>
  db
    .selectFrom('account')
    .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
    .leftJoin('person', 'person.id', 'account.person_id')
    .leftJoin('registrant', 'registrant.account_id', 'account.id')
    .select(['account.id', 'account.kind', 'account.name', 'account.department', 'account.permissions'])
    .select(['account.password_hash', 'account.password_until', 'account.disabled_at'])
    .select(['account.frozen_at', 'account.frozen_reason'])
    .select(['person.mobile', 'organisation.name as organisation_name'])
    .select(['organisation.credit_code', 'organisation.scheme'])
    .select(['registrant.scheme as registered_scheme', 'registrant.number as registered_number'])
    .where((eb) =>
      eb.or([
        eb('account.id', '=', id),
        // an operator types the mobile number, which is one operator's only
        eb('account.id', '=', eb.selectFrom('identity').select('account_id').where('id', '=', asMobile)),
      ]),
    )
    .where((eb) => eb.or([eb('disabled_at', 'is', null), eb('account.kind', '=', 'operator')])),
);

export function createAccountRows(db: Db): AccountRows {
  return {
    async add(account, at) {
      await db.transaction().execute((trx) => insertAccount(trx, account, at));
    },
    async count() {
      const row = await db
        .selectFrom('account')
        .select((eb) => eb.fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async find(id) {
      const row = await findAccount(db, { id, asMobile: `mobile:${id}` });
      return (
        row && {
          ...toView(row),
          holder: holderOf(row),
          kind: accountKindSchema.parse(row.kind),
          isDisabled: row.disabled_at !== null,
          ...(row.frozen_at === null
            ? {}
            : { frozen: { at: row.frozen_at, reason: row.frozen_reason ?? '' } }),
          ...(row.mobile === null ? {} : { mobile: row.mobile }),
          passwordHash: row.password_hash,
          ...(row.password_until === null ? {} : { passwordUntil: row.password_until }),
        }
      );
    },
    async raiseHash({ id, from, to }) {
      await db
        .updateTable('account')
        .set({ password_hash: to })
        .where('id', '=', id)
        .where('password_hash', '=', from)
        .execute();
    },
    async changeOwnPassword({ id, from, to, keptSession, at }) {
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
        await trx.deleteFrom('session').where('account_id', '=', id).where('id', '!=', keptSession).execute();
        await noteOperation(trx, { actor: id, action: 'account-own-password', refId: id, at });
        return true;
      });
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

/** A main account is its organisation's own; every other is a person's. */
function holderOf(row: {
  id: string;
  kind: string;
  name: string;
  organisation_name: string | null;
  credit_code: string | null;
  scheme: string | null;
  registered_scheme: string | null;
  registered_number: string | null;
}): Identity {
  if (row.registered_number !== null) {
    const scheme = identitySchemeSchema.parse(row.registered_scheme);
    const kind = scheme === 'id-number' ? 'person' : 'organisation';
    return { kind, scheme, value: row.registered_number, name: row.name };
  }
  if (row.kind === 'main' && row.credit_code !== null) {
    const scheme = identitySchemeSchema.parse(row.scheme ?? 'credit-code');
    // somebody registered for himself is kept like an organisation, and is a person
    const kind = scheme === 'id-number' ? 'person' : 'organisation';
    return { kind, scheme, value: row.credit_code, name: row.organisation_name ?? '' };
  }
  return { kind: 'person', scheme: 'account', value: row.id, name: row.name };
}

export function toView(row: {
  id: string;
  name: string;
  department: string;
  permissions: string;
}): AccountView {
  const permissions: unknown = JSON.parse(row.permissions);
  return accountViewSchema.parse({ ...row, permissions });
}
