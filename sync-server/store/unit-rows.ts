import { z } from 'zod';
import type { LudengRecord } from '#domain/record/schema.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { UnitRows, UnitSelf } from '../ports/unit-rows.ts';
import { createHandlerRows } from './handler-rows.ts';
import type { Db } from './open-store.ts';
import { createUnitKeyRows } from './unit-key-rows.ts';

const kindSchema = z.enum(['main', 'handler']);

export function createUnitRows(db: Db): UnitRows {
  return {
    ...createHandlerRows(db),
    ...createUnitKeyRows(db),
    async find(account) {
      const row = await db
        .selectFrom('account')
        .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
        .leftJoin('registered_unit', 'registered_unit.code', 'organisation.credit_code')
        .select(['account.id', 'account.name', 'account.kind', 'account.type'])
        .select(['organisation.id as unit_id', 'organisation.name as unit_name', 'organisation.credit_code'])
        .select(['organisation.scheme', 'registered_unit.representative'])
        .where('account.id', '=', account)
        .where('account.kind', 'in', ['main', 'handler'])
        .executeTakeFirst();
      if (!row) return undefined;
      const main = await mainOf(db, row.unit_id);
      return {
        account: { id: row.id, name: row.name, kind: kindSchema.parse(row.kind), type: row.type },
        unit: { id: row.unit_id, name: row.unit_name, code: row.credit_code ?? '', scheme: row.scheme },
        ...(main ? { main } : {}),
        ...(row.representative === null ? {} : { representative: row.representative }),
      };
    },
    async unopened({ programme, kind, subject }) {
      const rows = await filed(db, { programme, kind })
        .$if(subject !== undefined, (query) => query.where('record.subject_code', '=', subject ?? ''))
        .where('case_file.id', 'is', null)
        .where('record.state', '=', 'stored')
        .execute();
      return rows.map(toRecord);
    },
    async lastFiled({ programme, kind, subject }) {
      const row = await filed(db, { programme, kind })
        .where('record.subject_code', '=', subject)
        .orderBy('record.id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!row) return undefined;
      return { record: toRecord(row), ...(row.case_state === null ? {} : { caseState: row.case_state }) };
    },
  };
}

async function mainOf(db: Db, unit: string): Promise<UnitSelf['main']> {
  const row = await db
    .selectFrom('account')
    .leftJoin('person', 'person.id', 'account.person_id')
    .select(['account.id', 'account.type', 'account.record_id', 'account.name', 'account.created_at'])
    .select(['account.contact_mobile', 'person.id_number', 'person.mobile'])
    .where('account.organisation_id', '=', unit)
    .where('account.kind', '=', 'main')
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    ...{ id: row.id, type: row.type, createdAt: row.created_at },
    ...(row.record_id === null ? {} : { recordId: row.record_id }),
    person: {
      name: row.name,
      idNumber: row.id_number ?? '',
      mobile: row.contact_mobile ?? row.mobile ?? '',
    },
  };
}

const filed = (db: Db, { programme, kind }: { programme: string; kind: string }) =>
  db
    .selectFrom('record')
    .leftJoin('case_file', 'case_file.record_id', 'record.id')
    .select(['record.body', 'case_file.state as case_state'])
    .where('record.programme', '=', programme)
    .where('record.kind', '=', kind);

const toRecord = ({ body }: { body: string }): LudengRecord => recordSchema.parse(JSON.parse(body));
