import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * A case is about anything: what only a push has may be absent, the waiting step is named by its id, and whoever decides some
 * step stands in `case_party`. Registers, with the rows that `locks` makes of them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await rebuildCases(db);
  await addRegisters(db);
}

interface OldRow {
  id: string;
  record_id: string;
  push_id: string;
  station_id: string;
  programme: string;
  kind_title: string;
  subject_name: string;
  unique_code: string;
  light: string;
  department: string;
  push_field: string;
  step_title: string;
  catalogue_hash: string;
  state: string;
  decision_count: number;
  opened_at: string;
  closed_at: string | null;
  body: string;
}
interface Entry {
  case_id: string;
  ord: number;
  account_id: string;
  at: string;
  body: string;
}
interface Before {
  case_old: OldRow;
  decision_old: Entry;
  overrule_old: Entry;
  catalogue: { hash: string; body: string };
}
interface After {
  case_file: OldRow & { about_kind: string; about_id: string; revision: number };
  case_decision: Entry;
  light_overrule: Entry;
  case_party: { case_id: string; party: string };
}
interface Step {
  id: string;
  permission?: string;
}
interface OldCase {
  recordId: string;
  state: string;
  step: number;
  workflow: string;
  [key: string]: unknown;
}

/** Neither database can take away NOT NULL and UNIQUE alike: the rows move over, those that refer to them as well. */
async function rebuildCases(db: Kysely<Before & After>): Promise<void> {
  const { schema } = db;
  await sql`create table case_old as select * from case_file`.execute(db);
  await sql`create table decision_old as select * from case_decision`.execute(db);
  await sql`create table overrule_old as select * from light_overrule`.execute(db);
  for (const table of ['light_overrule', 'case_decision', 'case_file'])
    await schema.dropTable(table).execute();
  await schema
    .createTable('case_file')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('about_kind', 'text', (c) => c.notNull())
    .addColumn('about_id', 'text', (c) => c.notNull())
    .addColumn('record_id', 'text', (c) => c.references('record.id'))
    .addColumn('push_id', 'text', (c) => c.unique())
    .addColumn('station_id', 'text', (c) => c.notNull())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('kind_title', 'text', (c) => c.notNull())
    .addColumn('subject_name', 'text', (c) => c.notNull())
    .addColumn('unique_code', 'text')
    .addColumn('light', 'text')
    .addColumn('department', 'text', (c) => c.notNull())
    .addColumn('push_field', 'text')
    .addColumn('step_title', 'text', (c) => c.notNull())
    .addColumn('catalogue_hash', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('decision_count', 'integer', (c) => c.notNull())
    .addColumn('opened_at', 'text', (c) => c.notNull())
    .addColumn('closed_at', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('case_by_record').on('case_file').column('record_id').execute();
  await schema.createIndex('case_by_state').on('case_file').columns(['state', 'opened_at']).execute();
  await schema.createIndex('case_by_about').on('case_file').columns(['about_kind', 'about_id']).execute();
  for (const table of ['case_decision', 'light_overrule'])
    await schema
      .createTable(table)
      .addColumn('case_id', 'text', (c) => c.notNull().references('case_file.id'))
      .addColumn('ord', 'integer', (c) => c.notNull())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key_2`, ['case_id', 'ord'])
      .execute();
  await schema
    .createTable('case_party')
    .addColumn('case_id', 'text', (c) => c.notNull().references('case_file.id'))
    .addColumn('party', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('case_party_key', ['case_id', 'party'])
    .execute();
  await schema.createIndex('case_by_party').on('case_party').column('party').execute();

  const stepsOf = await readSteps(db);
  await inPages(db, 'case_old', async (row) => {
    await db
      .insertInto('case_file')
      .values({
        ...row,
        about_kind: 'record',
        about_id: row.record_id,
        revision: 0,
        body: lift(row, stepsOf),
      })
      .execute();
    await db
      .insertInto('case_party')
      .values({ case_id: row.id, party: `department:${row.department}` })
      .execute();
  });
  await sql`insert into case_decision select * from decision_old`.execute(db);
  await sql`insert into light_overrule select * from overrule_old`.execute(db);
  for (const table of ['overrule_old', 'decision_old', 'case_old']) await schema.dropTable(table).execute();
}

type StepsOf = (catalogueHash: string, workflow: string) => readonly Step[];

/** Steps of the catalogue that a case is pinned to; where that is gone, of any that has the workflow. */
async function readSteps(db: Kysely<Before & After>): Promise<StepsOf> {
  const byWorkflow = new Map<string, readonly Step[]>();
  for (const { hash, body } of await db.selectFrom('catalogue').select(['hash', 'body']).execute()) {
    const { workflows } = JSON.parse(body) as { workflows: { id: string; steps: Step[] }[] };
    for (const { id, steps } of workflows) {
      byWorkflow.set(`${hash} ${id}`, steps);
      byWorkflow.set(id, steps);
    }
  }
  return (hash, workflow) => byWorkflow.get(`${hash} ${workflow}`) ?? byWorkflow.get(workflow) ?? [];
}

function lift(row: OldRow, stepsOf: StepsOf): string {
  const { step: index, ...old } = JSON.parse(row.body) as OldCase;
  const steps = stepsOf(row.catalogue_hash, old.workflow);
  const waiting = old.state === 'open' ? steps[index]?.id : undefined;
  return JSON.stringify({
    ...old,
    about: { kind: 'record', id: old.recordId },
    ...(waiting === undefined ? {} : { step: waiting }),
    parties: steps.map(({ id, permission }) => ({
      step: id,
      key: `department:${row.department}`,
      department: row.department,
      ...(permission === undefined ? {} : { permission }),
    })),
    claims: [],
  });
}

async function inPages(
  db: Kysely<Before & After>,
  table: 'case_old',
  take: (row: OldRow) => Promise<void>,
): Promise<void> {
  for (let last = ''; ;) {
    const rows = await db
      .selectFrom(table)
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(500)
      .execute();
    for (const row of rows) await take(row);
    const end = rows.at(-1);
    if (!end) return;
    last = end.id;
  }
}

async function addRegisters({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('registered_person')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('registered_work')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('contract_number', 'text')
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('authority', 'text', (c) => c.notNull())
    .addColumn('supervisor', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('registered_unit')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('representative', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('appointment')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('work', 'text', (c) => c.notNull())
    .addColumn('post', 'text', (c) => c.notNull())
    .addColumn('begun_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .execute();
  await schema.createIndex('appointment_by_person').on('appointment').column('person').execute();
  await schema.createIndex('appointment_by_work').on('appointment').column('work').execute();
  await schema
    .createTable('lock_release')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('lock_release_by_person').on('lock_release').column('person').execute();
  await schema
    .createTable('person_lock')
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('post', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('person_lock_key', ['person', 'post'])
    .execute();
  await schema
    .createTable('notice')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('notice_by_case').on('notice').column('case_id').execute();
}
