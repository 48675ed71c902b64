import type { Kysely } from 'kysely';

/** Whoever registered himself at a portal, what he is called there and was called before, his certificates, the keys that he asked for. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('registrant')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('scheme', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('login_name', 'text', (c) => c.notNull())
    .addColumn('login_key', 'text', (c) => c.notNull())
    .addColumn('registered_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('registrant_by_number', ['programme', 'scheme', 'number'])
    .addUniqueConstraint('registrant_by_login_name', ['programme', 'login_key'])
    .execute();
  await schema
    .createTable('former_login_name')
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('login_key', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('until', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('former_login_name_key', ['programme', 'login_key', 'account_id'])
    .execute();
  await schema
    .createTable('account_certificate')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('serial', 'text', (c) => c.notNull())
    .addColumn('holder_name', 'text', (c) => c.notNull())
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('valid_from', 'text', (c) => c.notNull())
    .addColumn('valid_until', 'text', (c) => c.notNull())
    .addColumn('bound_at', 'text', (c) => c.notNull())
    .addColumn('last_used_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('account_certificate_key', ['account_id', 'serial'])
    .execute();
  await schema
    .createTable('key_application')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('is_accepted', 'integer', (c) => c.notNull())
    .addColumn('reference', 'text')
    .addColumn('reason', 'text')
    .execute();
  await schema.createIndex('key_application_by_account').on('key_application').column('account_id').execute();
}
