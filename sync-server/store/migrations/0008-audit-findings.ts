import type { Kysely } from 'kysely';

interface Alarms {
  alarm: { id: string; kind: string; detail: string; station_id: string | null };
}

/** What the audit found is seen at its station and acknowledged with a reason. */
export async function up(db: Kysely<Alarms>): Promise<void> {
  for (const name of ['station_id', 'settled_by', 'settled_reason'] as const)
    await db.schema.alterTable('alarm').addColumn(name, 'text').execute();
  await db.schema
    .alterTable('alarm')
    .addColumn('is_known', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('alarm_station').on('alarm').column('station_id').execute();
  const earlier = await db
    .selectFrom('alarm')
    .select(['id', 'detail'])
    .where('kind', 'in', ['item-lost', 'page-lost', 'item-different'])
    .execute();
  for (const { id, detail } of earlier) {
    const station = /^station ([A-Za-z0-9_-]+),/.exec(detail)?.[1] ?? null;
    await db.updateTable('alarm').set({ station_id: station }).where('id', '=', id).execute();
  }
}
