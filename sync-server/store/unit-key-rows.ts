import { ulid } from 'ulid';
import type { FoundKey, UnitRows } from '../ports/unit-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import { referenceOf } from './organisation-reference.ts';

type KeyRows = Pick<UnitRows, 'keys' | 'findKey' | 'putKeys'>;

export function createUnitKeyRows(db: Db): KeyRows {
  return {
    async keys(unit) {
      const rows = await keys(db)
        .where('unit_key.organisation_id', '=', unit)
        .orderBy('unit_key.serial')
        .limit(1_000)
        .execute();
      return rows.map(toFound);
    },
    async findKey(id) {
      const row = await keys(db).where('unit_key.id', '=', id).executeTakeFirst();
      return row && toFound(row);
    },
    async putKeys(unit, issued, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        let added = 0;
        // in one order, so that two who ask at the same moment do not wait in a circle
        for (const key of issued.toSorted((a, b) => (a.serial < b.serial ? -1 : 1))) {
          const row = {
            ...{ holder_name: key.holderName, valid_from: key.validFrom, valid_until: key.validUntil },
            ...{ state: key.state, synchronised_at: at },
          };
          const made = await trx
            .insertInto('unit_key')
            .values({ ...row, id: ulid(), organisation_id: unit, serial: key.serial.toUpperCase() })
            .onConflict((conflict) => conflict.columns(['organisation_id', 'serial']).doNothing())
            .returning('id')
            .executeTakeFirst();
          if (made) added += 1;
          else
            await trx
              .updateTable('unit_key')
              .set(row)
              .where('organisation_id', '=', unit)
              .where('serial', '=', key.serial.toUpperCase())
              .execute();
        }
        await noteOperation(trx, { actor, action: 'unit-keys-synchronised', refId: unit, at });
        return added;
      });
    },
  };
}

const keys = (db: Db) =>
  db
    .selectFrom('unit_key')
    .innerJoin('organisation', 'organisation.id', 'unit_key.organisation_id')
    .leftJoin('account', (join) =>
      join
        .onRef('account.organisation_id', '=', 'unit_key.organisation_id')
        .onRef('account.key_serial', '=', 'unit_key.serial'),
    )
    .select(['unit_key.id', 'unit_key.serial', 'unit_key.holder_name', 'unit_key.valid_from'])
    .select(['unit_key.valid_until', 'unit_key.state', 'account.id as account_id'])
    .select(['organisation.credit_code', 'organisation.scheme']);

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof keys>['executeTakeFirst']>>>;

const toFound = (row: Row): FoundKey => ({
  key: {
    ...{ id: row.id, serial: row.serial, holderName: row.holder_name },
    ...{ validFrom: row.valid_from, validUntil: row.valid_until, isRevoked: row.state === 'revoked' },
  },
  isTied: row.account_id !== null,
  facts: { organisation: referenceOf(row) },
});
