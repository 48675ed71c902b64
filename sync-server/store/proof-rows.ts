import type { NewItem } from '../ports/item-rows.ts';
import type { ProofRows } from '../ports/proof-rows.ts';
import { looseTransaction } from './durable-sqlite.ts';
import type { Db, Trx } from './open-store.ts';

export function createProofRows(db: Db): ProofRows {
  return {
    async proved(stationId, shas) {
      if (shas.length === 0) return new Set();
      const rows = await db
        .selectFrom('blob_proof')
        .select('sha')
        .where('station_id', '=', stationId)
        .where('sha', 'in', [...new Set(shas)])
        .execute();
      return new Set(rows.map(({ sha }) => sha));
    },
    async note(stationId, sha, at) {
      // one that a power cut takes back costs the page's way once more; a commit makes durable all that came before it
      await looseTransaction(db).execute((trx) =>
        trx
          .insertInto('blob_proof')
          .values({ station_id: stationId, sha, undelivered_since: at })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      );
    },
  };
}

/** From now on they stay, as long as the item does. */
export async function keepProofs(trx: Trx, { stationId, blobs }: NewItem): Promise<void> {
  // sorted: of two that lock the same rows neither waits for the other
  const shas = [...new Set(blobs.map(({ sha }) => sha))].toSorted();
  await trx
    .insertInto('blob_proof')
    .values(shas.map((sha) => ({ station_id: stationId, sha, undelivered_since: null })))
    .onConflict((conflict) =>
      conflict.columns(['station_id', 'sha']).doUpdateSet({ undelivered_since: null }),
    )
    .execute();
}

/** Of blobs whose item never came. */
export async function dropProofs(db: Db, cutoff: string): Promise<void> {
  await db.deleteFrom('blob_proof').where('undelivered_since', '<', cutoff).execute();
}
