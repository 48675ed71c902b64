import type { Kysely } from 'kysely';

/** Keys that a unit's CA company gave it; how an account's holder is reached, which is not the number that signs the person in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('unit_key')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organisation_id', 'text', (c) => c.notNull())
    .addColumn('serial', 'text', (c) => c.notNull())
    .addColumn('holder_name', 'text', (c) => c.notNull())
    .addColumn('valid_from', 'text', (c) => c.notNull())
    .addColumn('valid_until', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('synchronised_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('unit_key_by_serial', ['organisation_id', 'serial'])
    .execute();
  await schema.alterTable('account').addColumn('contact_mobile', 'text').execute();
}
