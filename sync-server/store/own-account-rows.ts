import { accountKindSchema } from '#domain/accounts/schema.ts';
import type { OwnAccount, OwnAccountRows } from '../ports/own-account-rows.ts';
import { toView } from './account-rows.ts';
import type { Db } from './open-store.ts';

/** More than one person acts for. */
const maxAccounts = 200;

export function createOwnAccountRows(db: Db): OwnAccountRows {
  return {
    async find(account) {
      const row = await accounts(db).where('account.id', '=', account).executeTakeFirst();
      return row && toOwn(row);
    },
    async personOf(account) {
      const row = await db
        .selectFrom('account')
        .innerJoin('person', 'person.id', 'account.person_id')
        .select(['person.name', 'person.id_number'])
        .where('account.id', '=', account)
        .where('person.real_name_at', 'is not', null)
        .executeTakeFirst();
      return row && row.id_number !== null ? { name: row.name, idNumber: row.id_number } : undefined;
    },
    async ofPerson(idNumber) {
      const rows = await accounts(db)
        .innerJoin('person', 'person.id', 'account.person_id')
        .where('person.id_number', '=', idNumber)
        .where('account.kind', 'in', ['main', 'handler'])
        .limit(maxAccounts)
        .execute();
      return rows.map(toOwn);
    },
    async ofKey({ creditCode, serialNumber }) {
      const rows = await accounts(db)
        .where('organisation.credit_code', '=', creditCode)
        .where((eb) =>
          eb.or([
            eb('account.kind', '=', 'main'),
            eb.and([
              eb('account.kind', '=', 'handler'),
              // a certificate may write a nought before the number that the CA company does not
              eb(
                eb.fn<string>('ltrim', [eb.fn<string>('lower', ['account.key_serial']), eb.val('0')]),
                '=',
                serialNumber.toLowerCase().replace(/^0+/u, ''),
              ),
            ]),
          ]),
        )
        .limit(maxAccounts)
        .execute();
      const own = rows.map(toOwn);
      return [...own.filter(({ kind }) => kind === 'handler'), ...own.filter(({ kind }) => kind === 'main')];
    },
    async wasFrozenAt(account, at) {
      const last = await db
        .selectFrom('log_line')
        .select('action')
        .where('ref', '=', account)
        .where('action', 'in', ['account-frozen', 'account-thawed'])
        .where('at', '<=', at)
        .orderBy('number', 'desc')
        .executeTakeFirst();
      return last?.action === 'account-frozen';
    },
  };
}

const accounts = (db: Db) =>
  db
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .leftJoin('record', 'record.id', 'account.record_id')
    .leftJoin(
      (eb) => eb.selectFrom('institution').select(['account_id', 'programme']).distinct().as('platform'),
      (join) => join.onRef('platform.account_id', '=', 'account.id'),
    )
    .select(['account.id', 'account.kind', 'account.type', 'account.name', 'account.department'])
    .select(['account.permissions', 'account.is_pending', 'account.disabled_at'])
    .select(['account.frozen_at', 'account.frozen_reason', 'record.programme'])
    .select('platform.programme as platform_programme')
    .select(['organisation.name as unit_name', 'organisation.credit_code'])
    .orderBy('organisation.name')
    .orderBy('account.created_at')
    .orderBy('account.id');

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirst']>>>;

function toOwn(row: Row): OwnAccount {
  const hindrance =
    row.disabled_at !== null
      ? 'disabled'
      : row.frozen_at !== null
        ? 'frozen'
        : row.is_pending === 1
          ? 'pending'
          : undefined;
  const programme = row.programme ?? row.platform_programme;
  return {
    id: row.id,
    kind: accountKindSchema.parse(row.kind),
    type: row.type,
    unit: { name: row.unit_name, code: row.credit_code ?? '' },
    permissions: toView(row).permissions,
    ...(programme === null ? {} : { programme }),
    ...(hindrance === undefined ? {} : { hindrance }),
    ...(row.frozen_reason === null ? {} : { reason: row.frozen_reason }),
    ...(row.frozen_at === null ? {} : { frozenAt: row.frozen_at }),
  };
}
