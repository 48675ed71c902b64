/** Registers of a large province, made inside of the database: persons, three appointments each, works, the locks that follow, the log. */
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { isPostgres } from '../../sync-server/store/open-store.ts';
import type { Db } from '../../sync-server/store/open-store.ts';

export const rules = [
  { post: 'project-manager', limit: 1 },
  { post: 'safety-officer', limit: 1 },
  { post: 'chief-supervisor', limit: 3 },
];

const batch = 50_000;
const width = 16;
type Text = RawBuilder<string>;

/** Every fourth one, from 3 on, is locked by nothing. */
export const personId = (n: number): string => `53${String(n).padStart(width, '0')}`;
export const workId = (n: number): string => `W${String(n).padStart(width, '0')}`;
/** Each work has thirty appointments. */
export const worksFor = (persons: number): number => Math.max(100, Math.ceil(persons / 10));

const padded = (n: RawBuilder<unknown>): Text =>
  sql<string>`substr(cast(${sql.lit(10 ** width)} + ${n} as text), 2)`;
const person = sql<string>`('53' || ${padded(sql`n`)})`;
const workAt = (n: RawBuilder<unknown>): Text => sql<string>`('W' || ${padded(n)})`;
const contractAt = (n: RawBuilder<unknown>): Text => sql<string>`('HT' || ${padded(n)})`;
/** The number of the `k`th work of a person. */
const nthWork = (k: RawBuilder<unknown>, works: number): RawBuilder<number> =>
  sql<number>`((n * 31 + ${k} * 17) % ${sql.lit(works)})`;
const dayAt = (k: RawBuilder<unknown>): Text => sql<string>`('2026-01-0' || (${k} + 1) || 'T00:00:00.000Z')`;
const post = sql<string>`(case n % 4 when 0 then 'project-manager' when 1 then 'safety-officer' else 'chief-supervisor' end)`;
const ended = '2026-06-01T00:00:00.000Z';
const ends = sql<boolean>`(k > 0 and n % 4 <> 2)`;

/** JSON of texts; nothing in them is to be escaped. */
function json(row: Record<string, Text | string>): Text {
  const parts = Object.entries(row).map(([key, value], index) => {
    const before = sql.lit(`${index === 0 ? '{' : ','}"${key}":`);
    return typeof value === 'string'
      ? sql`${before} || ${sql.lit(JSON.stringify(value))}`
      : sql`${before} || ${value}`;
  });
  return sql<string>`${sql.join(parts, sql` || `)} || '}'`;
}
const quoted = (text: Text): Text => sql<string>`('"' || ${text} || '"')`;

/** Locks are those that the engine makes of the same appointments and works. */
export async function fillRegisters(db: Db, persons: number): Promise<void> {
  const works = worksFor(persons);
  await each(works, (numbers) => fillWorks(db, numbers));
  await each(persons, (numbers) => fillPersons(db, numbers, works));
  if (isPostgres(db)) await sql`vacuum analyze`.execute(db);
}

async function each(count: number, work: (numbers: Text) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    const last = Math.min(count, from + batch) - 1;
    // the same on both databases
    await work(
      sql<string>`with recursive numbers (n) as (select cast(${sql.lit(from)} as bigint)
        union all select n + 1 from numbers where n < ${sql.lit(last)})`,
    );
  }
}

async function fillWorks(db: Db, numbers: Text): Promise<void> {
  const [id, contract, n] = [workAt(sql`n`), contractAt(sql`n`), sql`n`];
  const row = {
    state: 'under-construction',
    unit: '91530100MA6K00011X',
    authority: '住建局',
    supervisor: '质监站',
  };
  const { state, unit, authority, supervisor } = row;
  await sql`insert into registered_work
      (id, name, state, contract_number, unit, authority, supervisor, details)
    ${numbers} select ${id}, ${id}, ${state}, ${contract}, ${unit}, ${authority}, ${supervisor}, '{}'
      from numbers`.execute(db);
  await sql`insert into work_unit (work, role, code, name)
    ${numbers} select ${id}, 'contractor', 'U' || ${padded(n)}, '施工单位' from numbers`.execute(db);
  const body = json({
    what: 'work',
    row: json({ id: quoted(id), name: quoted(id), ...row, contractNumber: quoted(contract) }),
  });
  await sql`insert into register_entry (stream, seq, record_id, body)
    ${numbers} select 'work ' || ${id}, 1, null, ${body} from numbers`.execute(db);
}

async function fillPersons(db: Db, numbers: Text, works: number): Promise<void> {
  const k = sql`k`;
  const nth = sql`(select 0 as k union all select 1 union all select 2) as nth`;
  const appointment = {
    id: sql<string>`('A' || ${padded(sql`n`)} || '-' || k)`,
    work: workAt(nthWork(k, works)),
  };
  await sql`insert into registered_person (id, name, unit)
    ${numbers} select ${person}, '甲' || n, 'U' || (n % 1000) from numbers`.execute(db);
  await sql`insert into appointment (id, person, work, post, begun_at, ended_at)
    ${numbers} select ${appointment.id}, ${person}, ${appointment.work}, ${post}, ${dayAt(k)},
      case when ${ends} then ${ended} end from numbers cross join ${nth}`.execute(db);

  const counted = [0, 1, 2].map((index) => quoted(contractAt(nthWork(sql.lit(index), works))));
  const all = sql<string>`'[' || ${counted[0]} || case n % 4 when 2 then ',' || ${counted[1]} || ',' || ${counted[2]} else '' end || ']'`;
  const reaching = sql`(case n % 4 when 2 then 2 else 0 end)`;
  const lock = json({
    ...{ person: quoted(person), post: quoted(post), since: quoted(dayAt(reaching)) },
    ...{ work: quoted(workAt(nthWork(reaching, works))), counted: all },
  });
  await sql`insert into person_lock (person, post, body)
    ${numbers} select ${person}, ${post}, ${lock} from numbers where n % 4 <> 3`.execute(db);

  const born = json({
    what: 'person',
    row: json({ id: quoted(person), name: sql`'"甲' || n || '"'`, unit: 'U' }),
  });
  await sql`insert into register_entry (stream, seq, record_id, body)
    ${numbers} select 'person ' || ${person}, 1, null, ${born} from numbers`.execute(db);
  const begun = json({
    what: 'appointment',
    row: json({
      ...{ id: quoted(appointment.id), person: quoted(person), work: quoted(appointment.work) },
      ...{ post: quoted(post), from: quoted(dayAt(k)) },
    }),
  });
  await sql`insert into register_entry (stream, seq, record_id, body)
    ${numbers} select 'person ' || ${person}, k + 2, null, ${begun} from numbers cross join ${nth}`.execute(
    db,
  );
}
