/** Filters of domain/accounts as SQL: a list is cut where it is kept, by the rules that answer for a single thing. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Things } from '#domain/accounts/things.ts';
import type { Filter } from '#domain/accounts/conditions.ts';

/** How a fact of a thing stands in the tables: true where it is one of the values. */
export type FactSql<Fact extends string> = Record<Fact, (values: RawBuilder<unknown>) => RawBuilder<boolean>>;

/** For `where`. */
export function whereMay<Fact extends string>(
  filter: Filter<Fact>,
  facts: FactSql<Fact>,
): RawBuilder<boolean> {
  if (typeof filter === 'boolean') return filter ? sql`1 = 1` : sql`1 = 0`;
  if ('all' in filter) return joined(filter.all, ' and ', facts);
  if ('any' in filter) return joined(filter.any, ' or ', facts);
  return facts[filter.fact](sql.join(filter.in));
}

const joined = <Fact extends string>(
  filters: readonly Filter<Fact>[],
  by: string,
  facts: FactSql<Fact>,
): RawBuilder<boolean> =>
  sql`(${sql.join(
    filters.map((one) => whereMay(one, facts)),
    sql.raw(by),
  )})`;

const ownerIn = (recordId: string, values: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`exists (select 1 from record as owner where owner.id = ${sql.ref(recordId)} and ${subjectIn('owner', values)})`;

/** As domain/record/subject-id.ts names it. */
const subjectIn = (table: string, values: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`case ${sql.ref(`${table}.subject_kind`)} when 'person' then 'id-number' when 'unit' then 'organisation-code'
    else 'credit-code' end || ':' || ${sql.ref(`${table}.subject_code`)} in (${values})`;

/** As domain/accounts/systems.ts names it. */
const systemIn = (programme: string, values: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`'system:' || ${sql.ref(programme)} in (${values})`;

/** One of those who decide some step of the case; the column holds `kind:value`, as domain/cases/assignees.ts writes it. */
const isParty = (caseId: string, kind: string, values: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`exists (select 1 from case_party where case_party.case_id = ${sql.ref(caseId)}
    and case_party.party like ${`${kind}:%`} and substr(case_party.party, ${sql.lit(kind.length + 2)}) in (${values}))`;

/** Of rows of `case_file`. A list is not about a step: of none does it hold a permission. */
export const caseFacts: FactSql<Things['case']> = {
  department: (values) => isParty('case_file.id', 'department', values),
  person: (values) => isParty('case_file.id', 'id-number', values),
  administered: (values) => isParty('case_file.id', 'administrator', values),
  permission: () => sql`1 = 0`,
  subject: (values) => ownerIn('case_file.record_id', values),
  system: (values) => systemIn('case_file.programme', values),
};

/** Of rows of `record`. */
export const recordFacts: FactSql<Things['record']> = {
  departments: (
    values,
  ) => sql`exists (select 1 from case_file as its_case where its_case.record_id = record.id
    and ${isParty('its_case.id', 'department', values)})`,
  subject: (values) => subjectIn('record', values),
  system: (values) => systemIn('record.programme', values),
};
