import type { Kysely } from 'kysely';

/** What a work is beside its name: its permit, who takes part, what is known of it, what altered it; and qualifications of persons. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema.alterTable('registered_work').addColumn('permit_number', 'text').execute();
  await schema
    .alterTable('registered_work')
    .addColumn('details', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute();
  // no two works have one permit, whoever writes at the same moment
  await schema
    .createIndex('registered_work_by_permit')
    .on('registered_work')
    .column('permit_number')
    .unique()
    .execute();
  await schema.createIndex('registered_work_by_unit').on('registered_work').column('unit').execute();
  await schema
    .createTable('work_unit')
    .addColumn('work', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('work_unit_key', ['work', 'role', 'code'])
    .execute();
  await schema.createIndex('work_unit_by_code').on('work_unit').column('code').execute();
  await schema
    .createTable('work_change')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('work', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('work_change_by_work').on('work_change').column('work').execute();
  await schema
    .createTable('work_push')
    .addColumn('work', 'text', (c) => c.primaryKey())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('qualification')
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('valid_until', 'text')
    .addPrimaryKeyConstraint('qualification_key', ['person', 'kind', 'source', 'number'])
    .execute();
  await schema
    .createTable('qualification_answer')
    .addColumn('person', 'text', (c) => c.primaryKey())
    .addColumn('asked_at', 'text', (c) => c.notNull())
    .execute();
}
