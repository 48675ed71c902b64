import { sql } from 'kysely';
import type { PushedRecordRows } from '../ports/pushed-record-rows.ts';
import { caseFacts, whereMay } from './access-filter.ts';
import type { Db } from './open-store.ts';
import { containsText } from './text-search.ts';

const searched = ['subject_name', 'unique_code', 'kind_title'];

export function createPushedRecordRows(db: Db): PushedRecordRows {
  return {
    async list({ visible, search, page, pageSize }) {
      const pushed = db
        .selectFrom('case_file')
        .where('push_id', 'is not', null)
        .where('record_id', 'is not', null)
        .where('push_field', 'is not', null)
        .where(() => whereMay(visible, caseFacts))
        .$if(search.trim() !== '', (query) => query.where(() => containsText(searched, search)))
        .groupBy(['record_id', 'push_field', 'programme']);
      const { total } = await db
        .selectFrom(pushed.select(['record_id', 'push_field', 'programme']).as('pushed'))
        .select((eb) => eb.fn.countAll().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await pushed
        .select(['record_id', 'push_field', 'programme'])
        .orderBy(sql`max(opened_at)`, 'desc')
        .orderBy('record_id', 'desc')
        .orderBy('push_field')
        .limit(pageSize)
        .offset((page - 1) * pageSize)
        .execute();
      return {
        rows: rows.map((row) => ({
          recordId: row.record_id ?? '',
          programme: row.programme,
          field: row.push_field ?? '',
        })),
        total: Number(total),
      };
    },
    async isStored(uniqueCode) {
      const row = await db
        .selectFrom('record')
        .select('id')
        .where('unique_code', '=', uniqueCode)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
