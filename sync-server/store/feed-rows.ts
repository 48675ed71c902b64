import { changeSchema } from '#domain/sync/schema.ts';
import type { PullAnswer } from '#domain/sync/schema.ts';
import type { FeedRows } from '../ports/item-rows.ts';
import type { Db } from './open-store.ts';

const rowsPerPull = 500;

/** `epoch` names this store: a server that was set up anew counts from 1 again, and stations must notice. */
export function createFeedRows(db: Db, epoch: string): FeedRows {
  async function headOf(stationId: string): Promise<number> {
    const row = await db
      .selectFrom('feed_head')
      .select('seq')
      .where('station_id', '=', stationId)
      .executeTakeFirst();
    return Number(row?.seq ?? 0);
  }

  return {
    async head(stationId) {
      return { epoch, seq: await headOf(stationId) };
    },
    async pull({ stationId, epoch: asked, after, maxBytes }) {
      const head = await headOf(stationId);
      const from = asked === epoch ? after : 0;
      const rows = await db
        .selectFrom('change')
        .select(['seq', 'body'])
        .where('station_id', '=', stationId)
        .where('seq', '>', from)
        .orderBy('seq')
        .limit(rowsPerPull)
        .execute();
      const changes: PullAnswer['changes'] = [];
      let bytes = 0;
      for (const row of rows) {
        bytes += Buffer.byteLength(row.body);
        if (changes.length > 0 && bytes > maxBytes) break;
        changes.push({ seq: Number(row.seq), change: changeSchema.parse(JSON.parse(row.body)) });
      }
      const next = changes.at(-1)?.seq ?? from;
      return { epoch, from, changes, next, more: next < head };
    },
  };
}

/** The store's own name, made once. */
export async function findOrMakeEpoch(db: Db, makeId: () => string): Promise<string> {
  await db
    .insertInto('fact')
    .values({ name: 'feed-epoch', value: makeId() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom('fact')
    .select('value')
    .where('name', '=', 'feed-epoch')
    .executeTakeFirstOrThrow();
  return row.value;
}
