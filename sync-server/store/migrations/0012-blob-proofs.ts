import type { Kysely } from 'kysely';

/** Which station has shown the bytes of which blob. What a station has delivered until now counts as shown. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('blob_proof')
    .addColumn('station_id', 'text', (c) => c.notNull().references('station.id'))
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('undelivered_since', 'text')
    .addPrimaryKeyConstraint('blob_proof_key', ['station_id', 'sha'])
    .execute();
  // the few that cleaning looks for
  await schema
    .createIndex('blob_proof_undelivered')
    .on('blob_proof')
    .column('undelivered_since')
    .where('undelivered_since', 'is not', null)
    .execute();
  const typed = db as Kysely<{
    item: { id: string; station_id: string };
    item_blob: { item_id: string; sha: string };
    blob_proof: { station_id: string; sha: string };
  }>;
  await typed
    .insertInto('blob_proof')
    .columns(['station_id', 'sha'])
    .expression(
      typed
        .selectFrom('item_blob')
        .innerJoin('item', 'item.id', 'item_blob.item_id')
        .select(['item.station_id', 'item_blob.sha'])
        .distinct(),
    )
    .execute();
}
