import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Credentials by their identifier, every version of them, revoked or not. Those issued before have none: their unique code stands
 * in its place.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('credential')
    .addColumn('identifier', 'text', (c) => c.primaryKey())
    .addColumn('unique_code', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('record_id', 'text', (c) => c.notNull())
    .addColumn('issued_at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .addColumn('is_code_told', 'integer', (c) => c.notNull())
    .addColumn('replaced_at', 'text')
    .addColumn('revoked_at', 'text')
    .addColumn('revoked_reason', 'text')
    .execute();
  await sql`
    insert into credential
      (identifier, unique_code, version, record_id, issued_at, body, signature, is_code_told)
    select unique_code, unique_code, 1, record_id, issued_at, body, signature, is_code_told
    from digital_certificate`.execute(db);
  await schema.dropTable('digital_certificate').execute();
  await schema
    .createIndex('credential_by_code')
    .on('credential')
    .columns(['unique_code', 'version'])
    .unique()
    .execute();
  await schema.createIndex('credential_by_record').on('credential').column('record_id').execute();
  await schema
    .createIndex('credential_by_told')
    .on('credential')
    .columns(['is_code_told', 'identifier'])
    .execute();
}
