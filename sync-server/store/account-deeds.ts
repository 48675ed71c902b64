/** What decisions do to the accounts of a unit, in their own transaction. */
import { ulid } from 'ulid';
import type { Deed, NamedPerson } from '#domain/cases/effects.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { noteOperation } from './bookkeeping.ts';
import { noPassword } from '../ports/account-rows.ts';
import type { Trx } from './open-store.ts';

type DeedOf<Id extends Deed['deed']> = Extract<Deed, { deed: Id }>;
interface Moment {
  at: string;
}

/** Throws ACCOUNT_TAKEN where the unit has a main account already, or the person one of this kind and type. */
export async function openAccount(trx: Trx, deed: DeedOf<'open-account'>, { at }: Moment): Promise<void> {
  const organisation = await findOrAddUnit(trx, deed.unit, at);
  const person = await findOrAddPerson(trx, deed.person, at);
  const taken = await trx
    .selectFrom('account')
    .select('id')
    .where('kind', '=', deed.kind)
    .where('disabled_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('person_id', '=', person), eb('type', '=', deed.type)]),
        ...(deed.kind === 'main' ? [eb('organisation_id', '=', organisation)] : []),
      ]),
    )
    .executeTakeFirst();
  if (taken) throw new AppError('ACCOUNT_TAKEN', { id: taken.id });
  const id = ulid();
  await trx
    .insertInto('account')
    .values({
      ...{ id, kind: deed.kind, name: deed.person.name, department: '', permissions: '[]' },
      ...{ type: deed.type, is_pending: deed.pending ? 1 : 0, key_serial: deed.keySerial ?? null },
      ...{ person_id: person, organisation_id: organisation, record_id: deed.recordId },
      contact_mobile: deed.person.mobile,
      ...{ password_hash: noPassword, created_at: at, disabled_at: null, last_sign_in_at: null },
      ...{ password_issued_at: null, password_issued_by: null, password_until: null },
    })
    .execute();
  await noteOperation(trx, { actor: 'server', action: `account-${deed.kind}-opened`, refId: id, at });
}

export async function enableAccount(
  trx: Trx,
  { recordId }: DeedOf<'enable-account'>,
  { at }: Moment,
): Promise<void> {
  const enabled = await trx
    .updateTable('account')
    .set({ is_pending: 0 })
    .where('record_id', '=', recordId)
    .returning('id')
    .executeTakeFirst();
  if (!enabled) throw new AppError('NOT_FOUND', { record: recordId });
  await noteOperation(trx, { actor: 'server', action: 'account-enabled', refId: enabled.id, at });
}

export async function dropAccount(
  trx: Trx,
  { recordId }: DeedOf<'drop-account'>,
  { at }: Moment,
): Promise<void> {
  const dropped = await trx
    .deleteFrom('account')
    .where('record_id', '=', recordId)
    .where('is_pending', '=', 1)
    .returning('id')
    .executeTakeFirst();
  if (dropped)
    await noteOperation(trx, { actor: 'server', action: 'account-dropped', refId: dropped.id, at });
}

/** Throws NOT_FOUND where there is no such account any more. */
export async function confirmName(
  trx: Trx,
  { account }: DeedOf<'confirm-name'>,
  { at }: Moment,
): Promise<void> {
  const confirmed = await trx
    .updateTable('account')
    .set({ real_name_at: at })
    .where('id', '=', account)
    .returning('id')
    .executeTakeFirst();
  if (!confirmed) throw new AppError('NOT_FOUND', { account });
  await noteOperation(trx, { actor: 'server', action: 'account-name-confirmed', refId: account, at });
}

/** Throws NOT_FOUND where the unit has no main account. */
export async function replaceMainHandler(
  trx: Trx,
  { person, unit }: DeedOf<'replace-main-handler'>,
  { at }: Moment,
): Promise<void> {
  const main = await trx
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .select(['account.id', 'account.type', 'account.organisation_id'])
    .where('organisation.credit_code', '=', unit)
    .where('account.kind', '=', 'main')
    .executeTakeFirst();
  if (!main) throw new AppError('NOT_FOUND', { unit });
  const next = await findOrAddPerson(trx, person, at);
  await refuseSecondMain(trx, { ...main, person: next });
  await trx
    .updateTable('account')
    .set({ person_id: next, name: person.name, contact_mobile: person.mobile, password_hash: noPassword })
    .where('id', '=', main.id)
    .execute();
  await closeOwnHandlers(trx, { person: next, organisation: main.organisation_id ?? '', at });
  // whoever was the main handler is signed in no more
  await trx.deleteFrom('session').where('account_id', '=', main.id).execute();
  await noteOperation(trx, { actor: 'server', action: 'account-main-replaced', refId: main.id, at });
}

/** Somebody may have become another unit's main handler since this was filed. Throws ACCOUNT_TAKEN. */
async function refuseSecondMain(
  trx: Trx,
  { id, type, person }: { id: string; type: string; person: string },
): Promise<void> {
  const taken = await trx
    .selectFrom('account')
    .select('id')
    .where('kind', '=', 'main')
    .where('type', '=', type)
    .where('person_id', '=', person)
    .where('id', '!=', id)
    .executeTakeFirst();
  if (taken) throw new AppError('ACCOUNT_TAKEN', { id: taken.id });
}

/** A main handler has no handler account of the own unit: what was one is closed. */
async function closeOwnHandlers(
  trx: Trx,
  { person, organisation, at }: { person: string; organisation: string; at: string },
): Promise<void> {
  const closed = await trx
    .updateTable('account')
    .set({ disabled_at: at })
    .where('kind', '=', 'handler')
    .where('person_id', '=', person)
    .where('organisation_id', '=', organisation)
    .where('disabled_at', 'is', null)
    .returning('id')
    .execute();
  for (const { id } of closed) await trx.deleteFrom('session').where('account_id', '=', id).execute();
}

/** The name and the number of whoever has proved them stay as they are. */
async function findOrAddPerson(
  trx: Trx,
  { name, idNumber, mobile }: NamedPerson,
  at: string,
): Promise<string> {
  await trx
    .insertInto('person')
    .values({ id: ulid(), name, id_number: idNumber, mobile, real_name_at: null, created_at: at })
    .onConflict((conflict) => conflict.column('id_number').where('id_number', 'is not', null).doNothing())
    .execute();
  const { id } = await trx
    .selectFrom('person')
    .select('id')
    .where('id_number', '=', idNumber)
    .executeTakeFirstOrThrow();
  return id;
}

export async function findOrAddUnit(
  trx: Trx,
  { kind, name, creditCode }: DeedOf<'open-account'>['unit'],
  at: string,
): Promise<string> {
  const scheme = kind === 'person' ? 'id-number' : 'credit-code';
  await trx
    .insertInto('organisation')
    .values({ id: ulid(), name, credit_code: creditCode, scheme, created_at: at })
    .onConflict((conflict) => conflict.column('credit_code').doNothing())
    .execute();
  const { id } = await trx
    .selectFrom('organisation')
    .select('id')
    .where('credit_code', '=', creditCode)
    .executeTakeFirstOrThrow();
  return id;
}
