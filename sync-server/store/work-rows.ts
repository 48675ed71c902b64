import { sql } from 'kysely';
import { workChangeSchema } from '#domain/registers/schema.ts';
import { canonicalNumber } from '#domain/registers/works.ts';
import type { WorkRows } from '../ports/work-rows.ts';
import type { Db } from './open-store.ts';
import { readWorks } from './work-writing.ts';

export function createWorkRows(db: Db): WorkRows {
  return {
    async ofUnit({ unit, as, text, limit }) {
      const name = `%${literal(text.trim())}%`;
      const number = `%${literal(canonicalNumber(text))}%`;
      const rows = await db
        .selectFrom('registered_work')
        .select('id')
        .where((eb) =>
          as === 'owner'
            ? eb('unit', '=', unit)
            : eb('id', 'in', eb.selectFrom('work_unit').select('work').where('code', '=', unit)),
        )
        .where(
          sql<boolean>`(name like ${name} escape '!' or id like ${number} escape '!'
            or coalesce(contract_number, '') like ${number} escape '!'
            or coalesce(permit_number, '') like ${number} escape '!')`,
        )
        .orderBy('name')
        .orderBy('id')
        .limit(limit)
        .execute();
      const works = await readWorks(
        db,
        rows.map(({ id }) => id),
      );
      return rows.flatMap(({ id }) => works.find((work) => work.id === id) ?? []);
    },

    async find(id) {
      return (await readWorks(db, [id]))[0];
    },

    async staffOf(id) {
      return db
        .selectFrom('appointment')
        .leftJoin('registered_person', 'registered_person.id', 'appointment.person')
        .select([
          'appointment.person',
          'appointment.post',
          'appointment.begun_at as from',
          sql<string>`coalesce(registered_person.name, '')`.as('name'),
        ])
        .where('appointment.work', '=', id)
        .where('appointment.ended_at', 'is', null)
        .orderBy('appointment.post')
        .orderBy('appointment.begun_at')
        .execute();
    },

    async changesOf(id, limit) {
      const rows = await db
        .selectFrom('work_change')
        .select('body')
        .where('work', '=', id)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ body }) => workChangeSchema.parse(JSON.parse(body)));
    },
  };
}

/** Of a pattern: nothing in it stands for something else. */
const literal = (text: string): string => text.replace(/[!%_]/gu, (sign) => `!${sign}`);
