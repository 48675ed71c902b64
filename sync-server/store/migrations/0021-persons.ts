import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Persons who come in by their mobile number: codes, what they agreed to, faces that were asked for, notices that were read. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('sms_code')
    .addColumn('target', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('code_sha', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('consent')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('document', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('withdrawn_at', 'text')
    .execute();
  await schema.createIndex('consent_by_account').on('consent').column('account_id').execute();
  await schema
    .createTable('real_name_check')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('id_number', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('face_request')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('check_id', 'text', (c) => c.notNull())
    .addColumn('id_number', 'text', (c) => c.notNull())
    .addColumn('about', 'text', (c) => c.notNull())
    .addColumn('nonce', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('face_request_over').on('face_request').column('expires_at_ms').execute();
  await schema.alterTable('notice').addColumn('read_at', 'text').execute();
  await schema.createIndex('notice_by_audience').on('notice').columns(['audience', 'id']).execute();
  // a number opens one person's account; those of operators are proved in another way
  await sql`create unique index identity_by_phone on identity (value) where way = 'mobile-sms'`.execute(db);
}
