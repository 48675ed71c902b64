import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Things } from '#domain/accounts/things.ts';
import { operatorSchema } from '#domain/accounts/operators.ts';
import type { Operator } from '#domain/accounts/operators.ts';
import { systemsAmong } from '#domain/accounts/systems.ts';
import type { OperatorRows } from '../ports/operator-rows.ts';
import { whereMay } from './access-filter.ts';
import { permissionsIn } from './account-permissions.ts';
import type { FactSql } from './access-filter.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';
import { referenceOf } from './organisation-reference.ts';

/** Of rows of `account` joined with `organisation`. */
export const accountFacts: FactSql<Things['account']> = {
  id: (values) => sql`account.id in (${values})`,
  kind: (values) => sql`account.kind in (${values})`,
  organisation: (values) => sql`organisation.scheme || ':' || organisation.credit_code in (${values})`,
};

export function createOperatorRows(db: Db): OperatorRows {
  return {
    async list(visible) {
      const rows = await operators(db)
        .where(whereMay(visible, accountFacts))
        .orderBy('account.name')
        .orderBy('account.id')
        .limit(10_000)
        .execute();
      return rows.map(toOperator);
    },
    async find(id) {
      const row = await operators(db).where('account.id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const facts = { id: row.id, kind: row.kind, organisation: referenceOf(row) };
      return { operator: toOperator(row), facts };
    },
    async isFree(mobile) {
      return (await holdersOf(db, mobile)).length === 0;
    },
    async add({ organisation, mobile, ...operator }, acting) {
      return unlessTaken(db, false, async (trx) => {
        const { id: organisationId } = await trx
          .selectFrom('organisation')
          .select('id')
          .where('credit_code', '=', organisation.value)
          .executeTakeFirstOrThrow();
        const main = await trx
          .selectFrom('account')
          .select('type')
          .where('organisation_id', '=', organisationId)
          .where('kind', '=', 'main')
          .executeTakeFirst();
        // as what the company comes, its operators come
        const holder = { kind: 'operator', type: main?.type ?? '', organisationId, mobile };
        await demandFree(trx, mobile, undefined);
        await insertHolder(trx, { ...operator, ...holder }, acting.at, acting.actor);
        await insertMobile(trx, { account: operator.id, name: operator.name, mobile, at: acting.at });
        await note(trx, acting, 'account-operator-added', operator.id);
        return true;
      });
    },
    async renewPassword(id, { passwordHash, passwordUntil }, acting) {
      await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('account')
          .set({
            ...{ password_hash: passwordHash, password_until: passwordUntil },
            ...{ password_issued_at: acting.at, password_issued_by: acting.actor },
          })
          .where('id', '=', id)
          .execute();
        await trx.deleteFrom('session').where('account_id', '=', id).execute();
        await note(trx, acting, 'account-operator-password', id);
      });
    },
    async change(id, { mobile, state }, acting) {
      return unlessTaken<'changed', 'mobile-taken'>(db, 'mobile-taken', async (trx) => {
        const row = await operators(trx).where('account.id', '=', id).executeTakeFirstOrThrow();
        if (mobile !== undefined && mobile !== row.mobile) {
          await demandFree(trx, mobile, id);
          await trx
            .deleteFrom('identity')
            .where('account_id', '=', id)
            .where('scheme', '=', 'mobile')
            .execute();
          await insertMobile(trx, { account: id, name: row.name, mobile, at: acting.at });
          await trx
            .updateTable('person')
            .set({ mobile })
            .where('id', '=', row.person_id ?? '')
            .execute();
          await note(trx, acting, 'account-operator-mobile', id);
        }
        const isUsable = row.disabled_at === null;
        if (state !== undefined && (state === 'usable') !== isUsable) {
          const disabledAt = state === 'usable' ? null : acting.at;
          await trx.updateTable('account').set({ disabled_at: disabledAt }).where('id', '=', id).execute();
          await note(trx, acting, `account-operator-${state}`, id);
        }
        // whoever has another number, or none any more, signs in again
        if (state === 'unusable' || (mobile !== undefined && mobile !== row.mobile))
          await trx.deleteFrom('session').where('account_id', '=', id).execute();
        return 'changed';
      });
    },
    async addMain({ creditCode, ...main }, acting) {
      return db.transaction().execute(async (trx) => {
        const taken = await trx
          .selectFrom('account')
          .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
          .select('account.id')
          .where((eb) =>
            eb.or([
              eb('account.id', '=', main.id),
              eb.and([eb('organisation.credit_code', '=', creditCode), eb('account.kind', '=', 'main')]),
            ]),
          )
          .executeTakeFirst();
        if (taken) return false;
        const organisationId = await findOrAddOrganisation(trx, { name: main.name, creditCode }, acting.at);
        await insertHolder(trx, { ...main, kind: 'main', organisationId }, acting.at, acting.actor);
        await note(trx, acting, 'account-organisation-added', main.id);
        return true;
      });
    },
  };
}

const operators = (db: Db | Trx) =>
  db
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .innerJoin('person', 'person.id', 'account.person_id')
    .selectAll('account')
    .select(['organisation.credit_code', 'organisation.scheme', 'person.mobile'])
    .where('account.kind', '=', 'operator');

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof operators>['executeTakeFirst']>>>;

function toOperator(row: Row): Operator {
  return operatorSchema.parse({
    id: row.id,
    name: row.name,
    mobile: row.mobile ?? '',
    state: row.disabled_at === null ? 'usable' : 'unusable',
    systems: systemsAmong(permissionsIn(row.permissions)),
    ...(row.real_name_at === null ? {} : { realNameAt: row.real_name_at }),
    createdAt: row.created_at,
    ...(row.last_sign_in_at === null ? {} : { lastSignInAt: row.last_sign_in_at }),
    ...(row.password_issued_at === null ? {} : { passwordIssuedAt: row.password_issued_at }),
  });
}

/** Its primary key is the number itself: of two who take it at the same moment, one does. */
export const mobileKey = (mobile: string): string => `mobile:${mobile}`;

class MobileTaken extends Error {}

/** What `work` answers; where the number turns out to be another's, nothing of it is written and `taken` is the answer. */
async function unlessTaken<Done, Taken>(
  db: Db,
  taken: Taken,
  work: (trx: Trx) => Promise<Done>,
): Promise<Done | Taken> {
  try {
    return await db.transaction().execute(work);
  } catch (error) {
    if (error instanceof MobileTaken) return taken;
    throw error;
  }
}

/** Throws MobileTaken where it is another account's, or somebody's account has that number for its name. */
async function demandFree(trx: Trx, mobile: string, own: string | undefined): Promise<void> {
  const others = await holdersOf(trx, mobile);
  if (!others.every(({ id }) => id === own)) throw new MobileTaken();
}

const holdersOf = (db: Db | Trx, mobile: string): Promise<{ id: string }[]> =>
  db
    .selectFrom('account')
    .leftJoin('identity', 'identity.account_id', 'account.id')
    .select('account.id')
    .where((eb) => eb.or([eb('account.id', '=', mobile), eb('identity.id', '=', mobileKey(mobile))]))
    .execute();

/** Throws MobileTaken where somebody took it since it was looked for: PostgreSQL lets two look at the same moment. */
async function insertMobile(
  trx: Trx,
  { account, name, mobile, at }: { account: string; name: string; mobile: string; at: string },
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('identity')
    .values({
      ...{
        id: mobileKey(mobile),
        account_id: account,
        kind: 'person',
        scheme: 'mobile',
        value: mobile,
        name,
      },
      ...{ way: 'password', proved_at: at },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) throw new MobileTaken();
}

async function insertHolder(
  trx: Trx,
  holder: {
    id: string;
    kind: string;
    type?: string;
    name: string;
    organisationId: string;
    mobile?: string;
    permissions?: readonly string[];
    passwordHash: string;
    passwordUntil: string;
  },
  at: string,
  by: string,
): Promise<void> {
  const person = randomUUID();
  await trx
    .insertInto('person')
    .values({ id: person, name: holder.name, id_number: null, mobile: holder.mobile ?? null, created_at: at })
    .execute();
  await trx
    .insertInto('account')
    .values({
      ...{ id: holder.id, kind: holder.kind, name: holder.name, department: '' },
      ...{ permissions: JSON.stringify(holder.permissions ?? []), type: holder.type ?? '' },
      ...{ person_id: holder.kind === 'operator' ? person : null, organisation_id: holder.organisationId },
      ...{ password_hash: holder.passwordHash, created_at: at, disabled_at: null, last_sign_in_at: null },
      ...{ password_issued_at: at, password_issued_by: by, password_until: holder.passwordUntil },
    })
    .execute();
}

async function findOrAddOrganisation(
  trx: Trx,
  { name, creditCode }: { name: string; creditCode: string },
  at: string,
): Promise<string> {
  await trx
    .insertInto('organisation')
    .values({ id: randomUUID(), name, credit_code: creditCode, created_at: at })
    .onConflict((conflict) => conflict.column('credit_code').doNothing())
    .execute();
  const { id } = await trx
    .selectFrom('organisation')
    .select('id')
    .where('credit_code', '=', creditCode)
    .executeTakeFirstOrThrow();
  return id;
}

const note = (trx: Trx, { actor, at }: { actor: string; at: string }, action: string, refId: string) =>
  noteOperation(trx, { actor, action, refId, at });
