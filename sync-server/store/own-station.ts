import { ownStation } from '#domain/sync/own-station.ts';
import type { Trx } from './open-store.ts';

/** It has no key and no session: nothing connects as it. */
export async function ensureOwnStation(trx: Trx, at: string): Promise<void> {
  await trx
    .insertInto('station')
    .values({
      ...ownStation,
      ...{ public_key: '', install_id: null, session_epoch: 0, state: 'revoked', pending: 0 },
      ...{ app_version: '', last_seen_at: null, enrolled_at: at, record_seals_since: null },
      ...{ blob_token_sha: null, online_until_ms: 0, seq_base: 0 },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
