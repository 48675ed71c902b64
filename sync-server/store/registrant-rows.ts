import { z } from 'zod';
import { loginKeyOf } from '#domain/accounts/login-name.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { AppError } from '#domain/errors/app-error.ts';

import { noPassword } from '../ports/account-rows.ts';
import { ownStation } from '#domain/sync/own-station.ts';
import type { NewRegistrantRow, Registrant, RegistrantRows } from '../ports/registrant-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

const schemeSchema = z.enum(['credit-code', 'id-number']);
/** As many as a page shows. */
const maxCertificates = 200;

export function createRegistrantRows(db: Db): RegistrantRows {
  return {
    async byNumber({ programme, scheme, number }) {
      const row = await registrants(db)
        .where('registrant.programme', '=', programme)
        .where('registrant.scheme', '=', scheme)
        .where('registrant.number', '=', number)
        .executeTakeFirst();
      return row && toRegistrant(row);
    },
    async byLoginName(programme, loginName) {
      const key = loginKeyOf(loginName);
      const row = await registrants(db)
        .where('registrant.programme', '=', programme)
        .where('registrant.login_key', '=', key)
        .executeTakeFirst();
      if (row) return { ...toRegistrant(row), isFormer: false };
      const former = await registrants(db)
        .innerJoin('former_login_name', 'former_login_name.account_id', 'registrant.account_id')
        .where('former_login_name.programme', '=', programme)
        .where('former_login_name.login_key', '=', key)
        .orderBy('former_login_name.until', 'desc')
        .limit(1)
        .executeTakeFirst();
      return former && { ...toRegistrant(former), isFormer: true };
    },
    async find(account) {
      const row = await registrants(db).where('registrant.account_id', '=', account).executeTakeFirst();
      return row && toRegistrant(row);
    },
    async isKnownAtCounter({ programme, scheme, number }) {
      const row = await db
        .selectFrom('record')
        .select('id')
        .where('programme', '=', programme)
        .where('subject_kind', '=', scheme === 'id-number' ? 'person' : 'organisation')
        .where('subject_code', '=', number)
        .where('station_id', '!=', ownStation.id)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async register(wanted) {
      try {
        return await db.transaction().execute((trx) => register(trx, wanted));
      } catch (error) {
        if (error instanceof Taken) return { refused: error.what };
        throw error;
      }
    },
    async bindCertificate(account, { serial, holderName, issuer, validFrom, validUntil }, at) {
      await db.transaction().execute(async (trx) => {
        const before = await trx
          .selectFrom('account_certificate')
          .select('serial')
          .where('account_id', '=', account)
          .limit(1)
          .executeTakeFirst();
        await trx
          .insertInto('account_certificate')
          .values({
            ...{ account_id: account, serial, holder_name: holderName, issuer },
            ...{ valid_from: validFrom, valid_until: validUntil, bound_at: at, last_used_at: at },
          })
          .onConflict((conflict) =>
            conflict.columns(['account_id', 'serial']).doUpdateSet({ last_used_at: at }),
          )
          .execute();
        if (!before) await endUnprovedPassword(trx, account, at);
      });
    },
    async certificates(account) {
      const rows = await db
        .selectFrom('account_certificate')
        .selectAll()
        .where('account_id', '=', account)
        .orderBy('bound_at', 'desc')
        .orderBy('serial')
        .limit(maxCertificates)
        .execute();
      return rows.map((row) => ({
        ...{ serial: row.serial, holderName: row.holder_name, issuer: row.issuer },
        ...{ validFrom: row.valid_from, validUntil: row.valid_until },
        ...{ boundAt: row.bound_at, lastUsedAt: row.last_used_at },
      }));
    },
    async noteApplication(id, account, { at, isAccepted, reference, reason }) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('key_application')
          .values({
            ...{ id, account_id: account, at, is_accepted: isAccepted ? 1 : 0 },
            ...{ reference: reference ?? null, reason: reason ?? null },
          })
          .execute();
        const result = isAccepted ? 'accepted' : 'refused';
        await noteOperation(trx, { actor: account, action: `key-application-${result}`, refId: account, at });
      });
    },
    async lastApplication(account) {
      const row = await db
        .selectFrom('key_application')
        .selectAll()
        .where('account_id', '=', account)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return (
        row && {
          ...{ at: row.at, isAccepted: row.is_accepted === 1 },
          ...(row.reference === null ? {} : { reference: row.reference }),
          ...(row.reason === null ? {} : { reason: row.reason }),
        }
      );
    },
  };
}

/** The transaction is taken back. */
class Taken extends Error {
  readonly what: 'number-registered' | 'login-name-taken';
  constructor(what: Taken['what']) {
    super(what);
    this.what = what;
  }
}

async function register(trx: Trx, wanted: NewRegistrantRow): Promise<{ loginName: string }> {
  const { account, programme, scheme, number, type, name, passwordHash, at } = wanted;
  await trx
    .insertInto('account')
    .values({
      ...{ id: account, kind: 'registrant', name, department: '', type },
      ...{ permissions: JSON.stringify([systemPermission(programme)]) },
      ...{ person_id: null, organisation_id: null, password_hash: passwordHash ?? noPassword },
      ...{ created_at: at, disabled_at: null, last_sign_in_at: null },
      ...{ password_issued_at: null, password_issued_by: null, password_until: null },
    })
    .execute();
  for (const loginName of wanted.loginNames) {
    const added = await trx
      .insertInto('registrant')
      .values({
        ...{ account_id: account, programme, scheme, number, name, registered_at: at },
        ...{ login_name: loginName, login_key: loginKeyOf(loginName) },
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('account_id')
      .executeTakeFirst();
    if (added) {
      await noteOperation(trx, { actor: account, action: 'registrant-registered', refId: account, at });
      return { loginName };
    }
    const same = await trx
      .selectFrom('registrant')
      .select('account_id')
      .where('programme', '=', programme)
      .where('scheme', '=', scheme)
      .where('number', '=', number)
      .executeTakeFirst();
    if (same) throw new Taken('number-registered');
  }
  throw new Taken('login-name-taken');
}

/** Anybody can register a number: what was opened with a password alone is closed to that password once the number is proved. */
async function endUnprovedPassword(trx: Trx, account: string, at: string): Promise<void> {
  const ended = await trx
    .updateTable('account')
    .set({ password_hash: noPassword })
    .where('id', '=', account)
    .where('password_hash', '!=', noPassword)
    .returning('id')
    .executeTakeFirst();
  if (!ended) return;
  await trx.deleteFrom('session').where('account_id', '=', account).execute();
  await noteOperation(trx, { actor: account, action: 'registrant-password-ended', refId: account, at });
}

/**
 * In the transaction that files what says so. Whoever signs in by the name does so by the new one from then on. Throws
 * LOGIN_NAME_TAKEN.
 */
export async function renameRegistrant(
  trx: Trx,
  { account, name, at }: { account: string; name: string; at: string },
): Promise<void> {
  const found = await trx
    .selectFrom('registrant')
    .selectAll()
    .where('account_id', '=', account)
    .executeTakeFirst();
  if (!found || loginKeyOf(found.name) === loginKeyOf(name)) return;
  const key = loginKeyOf(name);
  await trx.updateTable('account').set({ name }).where('id', '=', account).execute();
  await trx.updateTable('registrant').set({ name }).where('account_id', '=', account).execute();
  await noteOperation(trx, { actor: account, action: 'registrant-renamed', refId: account, at });
  if (found.login_name !== found.name) return;
  const changed = await trx
    .updateTable('registrant')
    .set({ login_name: name, login_key: key })
    .where('account_id', '=', account)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('registrant as other')
            .select('other.account_id')
            .where('other.programme', '=', found.programme)
            .where('other.login_key', '=', key)
            .where('other.account_id', '!=', account),
        ),
      ),
    )
    .returning('account_id')
    .executeTakeFirst();
  if (!changed) throw new AppError('LOGIN_NAME_TAKEN', { name });
  await trx
    .insertInto('former_login_name')
    .values({ programme: found.programme, login_key: found.login_key, account_id: account, until: at })
    .onConflict((conflict) =>
      conflict.columns(['programme', 'login_key', 'account_id']).doUpdateSet({ until: at }),
    )
    .execute();
}

const registrants = (db: Db) =>
  db
    .selectFrom('registrant')
    .innerJoin('account', 'account.id', 'registrant.account_id')
    .selectAll('registrant')
    .select(['account.type', 'account.disabled_at', 'account.frozen_at', 'account.frozen_reason']);

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof registrants>['executeTakeFirst']>>>;

function toRegistrant(row: Row): Registrant {
  const hindrance = row.disabled_at !== null ? 'disabled' : row.frozen_at !== null ? 'frozen' : undefined;
  return {
    ...{ account: row.account_id, type: row.type, programme: row.programme },
    ...{ scheme: schemeSchema.parse(row.scheme), number: row.number },
    ...{ name: row.name, loginName: row.login_name, registeredAt: row.registered_at },
    ...(hindrance === undefined ? {} : { hindrance }),
    ...(row.frozen_reason === null ? {} : { reason: row.frozen_reason }),
  };
}
