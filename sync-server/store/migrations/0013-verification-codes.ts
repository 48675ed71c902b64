import type { Kysely } from 'kysely';

/** Whether the station has been told the certificate's 查验码: of those that were issued before, it has not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('digital_certificate')
    .addColumn('is_code_told', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('certificate_by_told')
    .on('digital_certificate')
    .columns(['is_code_told', 'unique_code'])
    .execute();
}
