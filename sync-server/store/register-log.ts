/** The log of the registers: whatever a transaction writes into them, it appends here, and from this all of them can be made again. */
import { sql } from 'kysely';
import { registerEntrySchema, streamOf } from '#domain/registers/entries.ts';
import type { RegisterEntry } from '#domain/registers/entries.ts';
import type { Db, Trx } from './open-store.ts';

/** The stream is held by this transaction. `recordId`: the decided record that it follows from. */
export async function noteEntry(trx: Trx, entry: RegisterEntry, recordId?: string): Promise<void> {
  const stream = streamOf(entry);
  const next = trx
    .selectFrom('register_entry')
    .select((eb) => sql<number>`coalesce(${eb.fn.max('seq')}, 0) + 1`.as('seq'))
    .where('stream', '=', stream);
  await trx
    .insertInto('register_entry')
    .values({ stream, seq: next, record_id: recordId ?? null, body: JSON.stringify(entry) })
    .execute();
}

/** All lines of these streams, each stream in its order. */
export async function readEntries(db: Db | Trx, streams: readonly string[]): Promise<RegisterEntry[]> {
  const rows = await db
    .selectFrom('register_entry')
    .select('body')
    .where('stream', 'in', ['', ...streams])
    .orderBy('stream')
    .orderBy('seq')
    .execute();
  return rows.map(({ body }) => registerEntrySchema.parse(JSON.parse(body)));
}

/** So many streams at a time, each whole and in its order. Works come after persons. */
export async function* readStreams(
  db: Db | Trx,
  kind: 'person' | 'work',
  atOnce = 500,
): AsyncGenerator<RegisterEntry[]> {
  for (let after = ''; ;) {
    const streams = await db
      .selectFrom('register_entry')
      .select('stream')
      .distinct()
      .where('stream', 'like', `${kind} %`)
      .where('stream', '>', after)
      .orderBy('stream')
      .limit(atOnce)
      .execute();
    const last = streams.at(-1)?.stream;
    if (last === undefined) return;
    const rows = await db
      .selectFrom('register_entry')
      .select('body')
      .where('stream', 'like', `${kind} %`)
      .where('stream', '>', after)
      .where('stream', '<=', last)
      .orderBy('stream')
      .orderBy('seq')
      .execute();
    yield rows.map(({ body }) => registerEntrySchema.parse(JSON.parse(body)));
    after = last;
  }
}
