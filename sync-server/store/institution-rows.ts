import { ulid } from 'ulid';
import { institutionOriginSchema } from '#domain/accounts/institutions.ts';
import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import { noPassword } from '../ports/account-rows.ts';
import type { InstitutionRows, NewInstitution } from '../ports/institution-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

export function createInstitutionRows(db: Db): InstitutionRows {
  return {
    async keepEntry(tokenSha, entry, { nowMs, expiresAtMs }) {
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('key_entry').where('expires_at_ms', '<=', nowMs).execute();
        await trx
          .insertInto('key_entry')
          .values({
            ...{ token_sha: tokenSha, programme: entry.programme, holder_name: entry.holderName },
            ...{ credit_code: entry.creditCode, serial: entry.serial, issuer: entry.issuer },
            ...{ valid_from: entry.validFrom, valid_until: entry.validUntil },
            ...{ proved_at: entry.provedAt, expires_at_ms: expiresAtMs },
          })
          .execute();
      });
    },
    async findEntry(tokenSha, nowMs) {
      const row = await db
        .selectFrom('key_entry')
        .selectAll()
        .where('token_sha', '=', tokenSha)
        .where('expires_at_ms', '>', nowMs)
        .executeTakeFirst();
      return (
        row && {
          ...{ programme: row.programme, holderName: row.holder_name, creditCode: row.credit_code },
          ...{ serial: row.serial, issuer: row.issuer, provedAt: row.proved_at },
          ...{ validFrom: row.valid_from, validUntil: row.valid_until },
        }
      );
    },
    async dropEntry(tokenSha) {
      await db.deleteFrom('key_entry').where('token_sha', '=', tokenSha).execute();
    },
    async ofUnit(programme, creditCode) {
      const rows = await db
        .selectFrom('institution')
        .innerJoin('organisation', 'organisation.id', 'institution.organisation_id')
        .innerJoin('account', 'account.id', 'institution.account_id')
        .select(['institution.role', 'institution.business_account', 'institution.origin'])
        .select(['institution.account_id', 'account.disabled_at'])
        .where('institution.programme', '=', programme)
        .where('organisation.credit_code', '=', creditCode)
        .orderBy('institution.created_at')
        .orderBy('institution.id')
        .execute();
      return rows.map((row) => ({
        ...{ role: row.role, businessAccount: row.business_account, account: row.account_id },
        origin: institutionOriginSchema.parse(row.origin),
        isDisabled: row.disabled_at !== null,
      }));
    },
    async isTaken(programme, role, organisationCode) {
      const row = await db
        .selectFrom('institution')
        .select('id')
        .where('programme', '=', programme)
        .where('role', '=', role)
        .where('organisation_code', '=', organisationCode)
        .executeTakeFirst();
      return row !== undefined;
    },
    add: (institution, at) =>
      db
        .transaction()
        .execute((trx) => addInstitution(trx, institution, at))
        .catch((error: unknown) => {
          if (error instanceof InstitutionTaken) return false;
          throw error;
        }),
  };
}

/** Takes back what was written for one that turns out to be there. */
class InstitutionTaken extends Error {}

async function addInstitution(trx: Trx, institution: NewInstitution, at: string): Promise<true> {
  const { programme, role, unit, businessAccount, origin, information } = institution;
  const organisation = await holdOrganisation(trx, unit, at);
  const account =
    (await accountOf(trx, programme, organisation)) ?? (await addAccount(trx, unit.name, organisation, at));
  const added = await trx
    .insertInto('institution')
    .values({
      ...{ id: ulid(), programme, role, organisation_code: organisationCodeIn(unit.creditCode) },
      ...{ organisation_id: organisation, account_id: account, business_account: businessAccount },
      ...{ origin, information: JSON.stringify(information), created_at: at },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) throw new InstitutionTaken();
  const detail = `${role} ${businessAccount}`;
  const action = `account-institution-${origin}`;
  await noteOperation(trx, { actor: account, action, refId: account, at, detail });
  return true;
}

/** Written although it is there: two that come at one moment for one unit wait for each other, and find one account. */
async function holdOrganisation(
  trx: Trx,
  { name, creditCode }: NewInstitution['unit'],
  at: string,
): Promise<string> {
  const { id } = await trx
    .insertInto('organisation')
    .values({ id: ulid(), name, credit_code: creditCode, scheme: 'credit-code', created_at: at })
    .onConflict((conflict) => conflict.column('credit_code').doUpdateSet({ credit_code: creditCode }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Of an identity that it has in this programme, else the one that an administrator opened for it. */
async function accountOf(trx: Trx, programme: string, organisation: string): Promise<string | undefined> {
  const own = await trx
    .selectFrom('institution')
    .select('account_id')
    .where('programme', '=', programme)
    .where('organisation_id', '=', organisation)
    .executeTakeFirst();
  if (own) return own.account_id;
  const opened = await trx
    .selectFrom('account')
    .select('id')
    .where('organisation_id', '=', organisation)
    .where('kind', '=', 'main')
    .where('type', '=', '')
    .where('record_id', 'is', null)
    .where('id', 'not in', (eb) => eb.selectFrom('institution').select('account_id'))
    .executeTakeFirst();
  return opened?.id;
}

async function addAccount(trx: Trx, name: string, organisation: string, at: string): Promise<string> {
  const id = ulid();
  await trx
    .insertInto('account')
    .values({
      ...{ id, kind: 'main', name: name.slice(0, 64), department: '', permissions: '[]' },
      ...{ person_id: null, organisation_id: organisation, password_hash: noPassword },
      ...{ created_at: at, disabled_at: null, last_sign_in_at: null },
      ...{ password_issued_at: null, password_issued_by: null, password_until: null },
    })
    .execute();
  return id;
}
