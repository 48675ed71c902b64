import type { Kysely } from 'kysely';

/** Codes that a browser shows and a phone scans, to sign that browser in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('login_ticket')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('ticket_sha', 'text', (c) => c.notNull().unique())
    .addColumn('browser_sha', 'text', (c) => c.notNull().unique())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('scanned_by', 'text')
    .addColumn('chosen_account', 'text')
    .addColumn('chosen_system', 'text')
    .addColumn('assurance', 'text')
    .execute();
  await schema
    .createIndex('login_ticket_by_address')
    .on('login_ticket')
    .columns(['address', 'expires_at_ms'])
    .execute();
  await schema.createIndex('login_ticket_by_expiry').on('login_ticket').column('expires_at_ms').execute();
}
