import type { Kysely } from 'kysely';

/** The first shape of the store. Never edited afterwards: a change is the next number. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('fact')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('counter')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createTable('station')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('install_id', 'text')
    .addColumn('session_epoch', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('pending', 'integer', (c) => c.notNull())
    .addColumn('app_version', 'text', (c) => c.notNull())
    .addColumn('last_seen_at', 'text')
    .addColumn('enrolled_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('enrolment_code')
    .addColumn('sha', 'text', (c) => c.primaryKey())
    .addColumn('reusable', 'integer', (c) => c.notNull())
    .addColumn('station_id', 'text')
    .addColumn('used_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('item')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('station_id', 'text', (c) => c.notNull().references('station.id'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('schema_version', 'integer', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('payload_sha', 'text', (c) => c.notNull())
    .addColumn('manifest_sha', 'text', (c) => c.notNull())
    .addColumn('server_seq', 'integer', (c) => c.notNull().unique())
    .addColumn('received_at', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .addUniqueConstraint('item_station_seq', ['station_id', 'seq'])
    .execute();
  await schema
    .createTable('blob')
    .addColumn('sha', 'text', (c) => c.primaryKey())
    .addColumn('size', 'integer', (c) => c.notNull())
    .addColumn('mime', 'text', (c) => c.notNull())
    .addColumn('stored_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('item_blob')
    .addColumn('item_id', 'text', (c) => c.notNull().references('item.id'))
    .addColumn('ord', 'integer', (c) => c.notNull())
    .addColumn('sha', 'text', (c) => c.notNull().references('blob.sha'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('item_blob_key', ['item_id', 'ord'])
    .execute();
  await schema
    .createTable('feed_head')
    .addColumn('station_id', 'text', (c) => c.primaryKey().references('station.id'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createTable('change')
    .addColumn('station_id', 'text', (c) => c.notNull().references('station.id'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('change_key', ['station_id', 'seq'])
    .execute();
  await schema
    .createTable('record')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('station_id', 'text', (c) => c.notNull().references('station.id'))
    .addColumn('item_id', 'text', (c) => c.notNull().references('item.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject_code', 'text', (c) => c.notNull())
    .addColumn('subject_name', 'text', (c) => c.notNull())
    .addColumn('light', 'text')
    .addColumn('unique_code', 'text', (c) => c.unique())
    .addColumn('rejection', 'text')
    .addColumn('received_at', 'text', (c) => c.notNull())
    .addColumn('settled_at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('material')
    .addColumn('record_id', 'text', (c) => c.notNull().references('record.id'))
    .addColumn('slot', 'text', (c) => c.notNull())
    .addColumn('pdf_sha', 'text', (c) => c.notNull().references('blob.sha'))
    .addColumn('report', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('material_key', ['record_id', 'slot'])
    .execute();
  await schema
    .createTable('digital_certificate')
    .addColumn('unique_code', 'text', (c) => c.primaryKey())
    .addColumn('record_id', 'text', (c) => c.notNull().references('record.id'))
    .addColumn('issued_at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('case_file')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('record_id', 'text', (c) => c.notNull().references('record.id'))
    .addColumn('push_id', 'text', (c) => c.notNull().unique())
    .addColumn('station_id', 'text', (c) => c.notNull())
    .addColumn('programme', 'text', (c) => c.notNull())
    .addColumn('kind_title', 'text', (c) => c.notNull())
    .addColumn('subject_name', 'text', (c) => c.notNull())
    .addColumn('unique_code', 'text', (c) => c.notNull())
    .addColumn('light', 'text', (c) => c.notNull())
    .addColumn('department', 'text', (c) => c.notNull())
    .addColumn('push_field', 'text', (c) => c.notNull())
    .addColumn('step_title', 'text', (c) => c.notNull())
    .addColumn('catalogue_hash', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('decision_count', 'integer', (c) => c.notNull())
    .addColumn('opened_at', 'text', (c) => c.notNull())
    .addColumn('closed_at', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('case_by_record').on('case_file').column('record_id').execute();
  await schema.createIndex('case_by_state').on('case_file').columns(['state', 'opened_at']).execute();
  await schema
    .createTable('case_decision')
    .addColumn('case_id', 'text', (c) => c.notNull().references('case_file.id'))
    .addColumn('ord', 'integer', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('case_decision_key', ['case_id', 'ord'])
    .execute();
  await schema
    .createTable('operation')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('ref_id', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('job')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('ref_id', 'text', (c) => c.notNull())
    .addColumn('waits_for', 'text')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('job_due').on('job').columns(['state', 'next_at_ms']).execute();
  for (const table of ['alarm', 'effect'] as const) {
    const made = schema
      .createTable(table)
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('ref_id', 'text', (c) => c.notNull());
    await (table === 'alarm' ? made.addColumn('detail', 'text', (c) => c.notNull()) : made).execute();
  }
  await schema
    .createTable('account')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('department', 'text', (c) => c.notNull())
    .addColumn('permissions', 'text', (c) => c.notNull())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('desk_session')
    .addColumn('token_sha', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('catalogue')
    .addColumn('hash', 'text', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('loaded_at', 'text', (c) => c.notNull())
    .execute();
}
