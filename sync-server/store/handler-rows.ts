import { handlerSchema } from '#domain/accounts/handlers.ts';
import type { Handler } from '#domain/accounts/handlers.ts';
import { systemPermission, systemsAmong } from '#domain/accounts/systems.ts';
import type { UnitRows } from '../ports/unit-rows.ts';
import { whereMay } from './access-filter.ts';
import { permissionsIn } from './account-permissions.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import { accountFacts } from './operator-rows.ts';
import { referenceOf } from './organisation-reference.ts';

type HandlerRows = Pick<UnitRows, 'handlers' | 'findHandler' | 'changeMobile' | 'authorise'>;

/** As domain/accounts/systems.ts begins every right to enter a programme. */
const systemPrefix = systemPermission('');

export function createHandlerRows(db: Db): HandlerRows {
  return {
    async handlers(visible) {
      const rows = await handlers(db)
        .where(whereMay(visible, accountFacts))
        .orderBy('account.created_at', 'desc')
        .orderBy('account.id', 'desc')
        .limit(10_000)
        .execute();
      return rows.map(toHandler);
    },
    async findHandler(id) {
      const row = await handlers(db).where('account.id', '=', id).executeTakeFirst();
      return (
        row && {
          handler: toHandler(row),
          ...(row.record_id === null ? {} : { recordId: row.record_id }),
          facts: { id: row.id, kind: row.kind, organisation: referenceOf(row) },
        }
      );
    },
    async changeMobile(id, mobile, { actor, at }) {
      await db.transaction().execute(async (trx) => {
        await trx.updateTable('account').set({ contact_mobile: mobile }).where('id', '=', id).execute();
        await noteOperation(trx, { actor, action: 'account-handler-mobile', refId: id, at });
      });
    },
    async authorise(id, systems, { actor, at }) {
      await db.transaction().execute(async (trx) => {
        const { permissions: before } = await trx
          .selectFrom('account')
          .select('permissions')
          .where('id', '=', id)
          .executeTakeFirstOrThrow();
        const others = permissionsIn(before).filter((one) => !one.startsWith(systemPrefix));
        const permissions = JSON.stringify([...others, ...systems.map(systemPermission)]);
        await trx.updateTable('account').set({ permissions }).where('id', '=', id).execute();
        await trx.updateTable('session').set({ is_rotation_due: 1 }).where('account_id', '=', id).execute();
        const detail = systems.join(' ');
        await noteOperation(trx, { actor, action: 'account-handler-authorised', refId: id, at, detail });
      });
    },
  };
}

const handlers = (db: Db) =>
  db
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .innerJoin('person', 'person.id', 'account.person_id')
    .leftJoin('account as freezer', 'freezer.id', 'account.frozen_by')
    .select(['account.id', 'account.kind', 'account.name', 'account.type', 'account.permissions'])
    .select(['account.is_pending', 'account.key_serial', 'account.contact_mobile', 'account.created_at'])
    .select('account.record_id')
    .select(['account.last_sign_in_at', 'account.frozen_at', 'account.frozen_reason', 'account.frozen_by'])
    .select(['organisation.credit_code', 'organisation.scheme', 'person.id_number', 'person.mobile'])
    .select(['freezer.organisation_id as freezer_unit', 'account.organisation_id as own_unit'])
    .where('account.kind', '=', 'handler')
    .where('account.disabled_at', 'is', null);

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof handlers>['executeTakeFirst']>>>;

function toHandler(row: Row): Handler {
  const isPending = row.is_pending === 1;
  return handlerSchema.parse({
    ...{ id: row.id, name: row.name, type: row.type, createdAt: row.created_at },
    ...{ mobile: row.contact_mobile ?? row.mobile ?? '', idNumber: row.id_number ?? '' },
    state: row.frozen_at !== null ? 'frozen' : isPending ? 'pending' : 'enabled',
    ...(row.key_serial === null ? {} : { keySerial: row.key_serial }),
    ...(row.frozen_at === null
      ? {}
      : {
          frozen: {
            at: row.frozen_at,
            reason: row.frozen_reason ?? '',
            isByStaff: row.freezer_unit !== row.own_unit,
          },
        }),
    systems: systemsAmong(permissionsIn(row.permissions)),
    ...(row.last_sign_in_at === null ? {} : { lastSignInAt: row.last_sign_in_at }),
  });
}
