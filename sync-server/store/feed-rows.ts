import type { Audience } from '#domain/sync/audience.ts';
import { changeSchema } from '#domain/sync/change.ts';
import type { PullAnswer } from '#domain/sync/schema.ts';
import type { FeedRows } from '../ports/item-rows.ts';
import type { Db } from './open-store.ts';
import { dropProofs } from './proof-rows.ts';

const rowsPerPull = 500;

/** Removes what was said before `cutoff` (ISO UTC) and overtaken since; answers how many. */
export async function dropOvertaken(db: Db, cutoff: string): Promise<number> {
  const result = await db
    .deleteFrom('change')
    .where('at', '<', cutoff)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('change as later')
          .select('later.seq')
          .whereRef('later.audience', '=', 'change.audience')
          .whereRef('later.subject', '=', 'change.subject')
          .whereRef('later.seq', '>', 'change.seq'),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Offers whose item never came, and the proofs of their pages. */
export async function dropUploads(db: Db, cutoff: string): Promise<void> {
  await db.deleteFrom('upload').where('offered_at', '<', cutoff).execute();
  await dropProofs(db, cutoff);
}

/** `epoch` names this store: a server that was set up anew counts from 1 again, and stations must notice. */
export function createFeedRows(db: Db, epoch: string): FeedRows {
  async function headOf(audience: Audience): Promise<number> {
    const row = await db
      .selectFrom('feed_head')
      .select('seq')
      .where('audience', '=', audience)
      .executeTakeFirst();
    return Number(row?.seq ?? 0);
  }

  return {
    async head(audience) {
      return { epoch, seq: await headOf(audience) };
    },
    async pull({ audience, epoch: asked, after, maxBytes }) {
      const head = await headOf(audience);
      const from = asked === epoch ? after : 0;
      const rows = await db
        .selectFrom('change')
        .select(['seq', 'body'])
        .where('audience', '=', audience)
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
