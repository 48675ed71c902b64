import { audienceSchema } from '#domain/sync/audience.ts';
import type { SubscriptionRows } from '../ports/subscription-rows.ts';
import type { Db, Trx } from './open-store.ts';

export function createSubscriptionRows(db: Db): SubscriptionRows {
  return {
    async add({ tokenSha, stationId, audience, proof, at, expiresAtMs }) {
      await db.transaction().execute(async (trx) => {
        await endAll(trx, stationId, at);
        await trx
          .insertInto('subscription')
          .values({
            token_sha: tokenSha,
            station_id: stationId,
            audience,
            proof,
            made_at: at,
            expires_at_ms: expiresAtMs,
            ended_at: null,
          })
          .execute();
      });
    },
    async find(tokenSha) {
      const row = await db
        .selectFrom('subscription')
        .selectAll()
        .where('token_sha', '=', tokenSha)
        .executeTakeFirst();
      return (
        row && {
          stationId: row.station_id,
          audience: audienceSchema.parse(row.audience),
          proof: row.proof,
          expiresAtMs: Number(row.expires_at_ms),
          isEnded: row.ended_at !== null,
        }
      );
    },
    end: (stationId, at) => endAll(db, stationId, at),
    async wasProved(stationId, audience, since) {
      const row = await db
        .selectFrom('subscription')
        .select('token_sha')
        .where('station_id', '=', stationId)
        .where('audience', '=', audience)
        .where('made_at', '>=', since)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

async function endAll(db: Db | Trx, stationId: string, at: string): Promise<void> {
  await db
    .updateTable('subscription')
    .set({ ended_at: at })
    .where('station_id', '=', stationId)
    .where('ended_at', 'is', null)
    .execute();
}

export async function dropSubscriptions(db: Db, madeBefore: string): Promise<void> {
  await db.deleteFrom('subscription').where('made_at', '<', madeBefore).execute();
}
