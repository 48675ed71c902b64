import { sql } from 'kysely';
import { ulid } from 'ulid';
import { noPassword } from '../ports/account-rows.ts';
import type { CheckedName, PersonAccount, PersonRows } from '../ports/person-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

const way = 'mobile-sms';
const erasedName = '已注销';

export function createPersonRows(db: Db): PersonRows {
  return {
    async byMobile(mobile) {
      const row = await accounts(db)
        .innerJoin('identity', 'identity.account_id', 'account.id')
        .where('identity.way', '=', way)
        .where('identity.value', '=', mobile)
        .executeTakeFirst();
      return row && toAccount(row);
    },
    async find(account) {
      const row = await accounts(db).where('account.id', '=', account).executeTakeFirst();
      return row && toAccount(row);
    },
    async add(person) {
      await db.transaction().execute((trx) => addAccount(trx, person));
      const row = await accounts(db)
        .innerJoin('identity', 'identity.account_id', 'account.id')
        .where('identity.way', '=', way)
        .where('identity.value', '=', person.mobile)
        .executeTakeFirstOrThrow();
      return toAccount(row);
    },
    async mobileOf(idNumber, butAccount) {
      const row = await accounts(db)
        .where('person.id_number', '=', idNumber)
        .where('account.id', '!=', butAccount)
        .where('account.disabled_at', 'is', null)
        .executeTakeFirst();
      return row?.mobile ?? undefined;
    },
    async keepCheck(account, { name, idNumber }, untilMs) {
      const check = { name, id_number: idNumber, expires_at_ms: untilMs };
      await db
        .insertInto('real_name_check')
        .values({ account_id: account, ...check })
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet(check))
        .execute();
    },
    async checkOf(account, nowMs) {
      const row = await db
        .selectFrom('real_name_check')
        .select(['name', 'id_number'])
        .where('account_id', '=', account)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return row && { name: row.name, idNumber: row.id_number };
    },
    proveName: (proved) => db.transaction().execute((trx) => proveName(trx, proved)),
    async heldFor(account) {
      const rows = await db
        .selectFrom('account as own')
        .innerJoin('account as held', 'held.person_id', 'own.person_id')
        .innerJoin('organisation', 'organisation.id', 'held.organisation_id')
        .select(['held.kind', 'organisation.name'])
        .where('own.id', '=', account)
        .where('held.kind', 'in', ['main', 'handler'])
        .where('held.disabled_at', 'is', null)
        .execute();
      return rows.map(({ kind, name }) => ({ kind: kind === 'main' ? 'main' : 'handler', unit: name }));
    },
    erase: (account, at) => db.transaction().execute((trx) => erase(trx, account, at)),
  };
}

const accounts = (db: Db | Trx) =>
  db
    .selectFrom('account')
    .innerJoin('person', 'person.id', 'account.person_id')
    .select(['account.id', 'account.name', 'account.disabled_at', 'account.frozen_at', 'account.created_at'])
    .select(['account.frozen_reason', 'person.mobile', 'person.id_number', 'person.real_name_at'])
    .where('account.kind', '=', 'person');
type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirst']>>>;

function toAccount(row: Row): PersonAccount {
  const isProved = row.id_number !== null && row.real_name_at !== null;
  return {
    id: row.id,
    name: row.name,
    mobile: row.mobile ?? '',
    isDisabled: row.disabled_at !== null,
    ...(row.frozen_at === null ? {} : { frozenReason: row.frozen_reason ?? '' }),
    ...(isProved ? { idNumber: row.id_number ?? '', realNameAt: row.real_name_at ?? '' } : {}),
    createdAt: row.created_at,
  };
}

async function addAccount(
  trx: Trx,
  { id, name, mobile, at }: { id: string; name: string; mobile: string; at: string },
): Promise<void> {
  const person = ulid();
  await trx
    .insertInto('person')
    .values({ id: person, name, id_number: null, mobile, real_name_at: null, created_at: at })
    .execute();
  await trx
    .insertInto('account')
    .values({
      ...{ id, kind: 'person', name, department: '', permissions: '[]', person_id: person },
      ...{ organisation_id: null, password_hash: noPassword, created_at: at, disabled_at: null },
      ...{ last_sign_in_at: null, password_issued_at: null, password_issued_by: null, password_until: null },
    })
    .execute();
  const made = await trx
    .insertInto('identity')
    .values({
      ...{ id: ulid(), account_id: id, kind: 'person', scheme: 'mobile', value: mobile, name },
      ...{ way, proved_at: at },
    })
    .onConflict((conflict) => conflict.column('value').where('way', '=', sql.lit(way)).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return noteOperation(trx, { actor: id, action: 'person-account-opened', refId: id, at });
  // somebody was first with the same number
  await trx.deleteFrom('account').where('id', '=', id).execute();
  await trx.deleteFrom('person').where('id', '=', person).execute();
}

async function proveName(
  trx: Trx,
  { account, name, idNumber, session, at }: Parameters<PersonRows['proveName']>[0],
): Promise<string[]> {
  const own = await trx
    .selectFrom('account')
    .innerJoin('person', 'person.id', 'account.person_id')
    .select(['person.id', 'person.mobile'])
    .where('account.id', '=', account)
    .executeTakeFirstOrThrow();
  const person = await holdPerson(trx, { name, idNumber }, at);
  const { mobile } = own;
  await trx.updateTable('person').set({ name, mobile, real_name_at: at }).where('id', '=', person).execute();
  const earlier = await trx
    .updateTable('account')
    .set({ disabled_at: at })
    .where('kind', '=', 'person')
    .where('person_id', '=', person)
    .where('id', '!=', account)
    .where('disabled_at', 'is', null)
    .returning('id')
    .execute();
  for (const { id } of earlier) await forgetWays(trx, id);
  await trx.updateTable('account').set({ name, person_id: person }).where('id', '=', account).execute();
  if (own.id !== person) await trx.deleteFrom('person').where('id', '=', own.id).execute();
  await trx.deleteFrom('session').where('account_id', '=', account).where('id', '!=', session.id).execute();
  await trx
    .updateTable('session')
    .set({ assurance: JSON.stringify(session.assurance) })
    .where('id', '=', session.id)
    .execute();
  await trx.deleteFrom('real_name_check').where('account_id', '=', account).execute();
  for (const { id } of earlier)
    await noteOperation(trx, { actor: account, action: 'person-account-taken-over', refId: id, at });
  await noteOperation(trx, { actor: account, action: 'person-real-name', refId: account, at });
  return earlier.map(({ id }) => id);
}

/** The one row of that number; whoever else proves it at this moment waits for the commit. */
async function holdPerson(trx: Trx, { name, idNumber }: CheckedName, at: string): Promise<string> {
  await trx
    .insertInto('person')
    .values({ id: ulid(), name, id_number: idNumber, mobile: null, real_name_at: null, created_at: at })
    .onConflict((conflict) => conflict.column('id_number').where('id_number', 'is not', null).doNothing())
    .execute();
  const { id } = await trx
    .updateTable('person')
    .set({ name })
    .where('id_number', '=', idNumber)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Nobody comes in by it any more; its number may open another one. */
async function forgetWays(trx: Trx, account: string): Promise<void> {
  await trx.deleteFrom('identity').where('account_id', '=', account).execute();
  await trx.deleteFrom('session').where('account_id', '=', account).execute();
  await trx.deleteFrom('real_name_check').where('account_id', '=', account).execute();
  await trx.deleteFrom('face_request').where('account_id', '=', account).execute();
}

async function erase(trx: Trx, account: string, at: string): Promise<void> {
  const erased = await trx
    .updateTable('account')
    .set({ name: erasedName, disabled_at: at })
    .where('id', '=', account)
    .where('disabled_at', 'is', null)
    .returning('person_id')
    .executeTakeFirst();
  if (!erased) return;
  await forgetWays(trx, account);
  await trx
    .updateTable('consent')
    .set({ withdrawn_at: at })
    .where('account_id', '=', account)
    .where('withdrawn_at', 'is', null)
    .execute();
  if (erased.person_id !== null) {
    const others = await trx
      .selectFrom('account')
      .select('id')
      .where('person_id', '=', erased.person_id)
      .where('kind', '!=', 'person')
      .execute();
    // who once acted for a unit stays named there, as its records have to
    const name = others.length > 0 ? {} : { name: erasedName, id_number: null };
    await trx
      .updateTable('person')
      .set({ ...name, mobile: null, real_name_at: null })
      .where('id', '=', erased.person_id)
      .execute();
  }
  await noteOperation(trx, { actor: account, action: 'person-account-erased', refId: account, at });
}
