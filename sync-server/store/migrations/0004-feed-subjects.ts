import type { Kysely } from 'kysely';

/** Names what each change speaks of, so that of old ones only the last word is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('change')
    .addColumn('subject', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  const typed = db as Kysely<{ change: { station_id: string; seq: number; body: string; subject: string } }>;
  let last = { station_id: '', seq: 0 };
  for (;;) {
    const rows = await typed
      .selectFrom('change')
      .select(['station_id', 'seq', 'body'])
      .where((eb) =>
        eb.or([
          eb('station_id', '>', last.station_id),
          eb.and([eb('station_id', '=', last.station_id), eb('seq', '>', last.seq)]),
        ]),
      )
      .orderBy('station_id')
      .orderBy('seq')
      .limit(500)
      .execute();
    for (const { station_id, seq, body } of rows) {
      const { recordId, pushId } = JSON.parse(body) as { recordId: string; pushId?: string };
      await typed
        .updateTable('change')
        .set({ subject: pushId === undefined ? `record:${recordId}` : `push:${pushId}` })
        .where('station_id', '=', station_id)
        .where('seq', '=', seq)
        .execute();
    }
    const end = rows.at(-1);
    if (!end) break;
    last = { station_id: end.station_id, seq: Number(end.seq) };
  }
  await db.schema
    .createIndex('change_by_subject')
    .on('change')
    .columns(['station_id', 'subject', 'seq'])
    .execute();
}
