import type { StoredRecord } from '../../ports/case-rows.ts';
import type { StoredItem } from '../../ports/item-rows.ts';
import type { SubscriptionRows } from '../../ports/subscription-rows.ts';
import { audienceOf } from '#domain/sync/audience.ts';

/** An action may wait in its station's queue for so long after the person has gone. */
const provedWithinMs = 30 * 24 * 60 * 60_000;

/** A station acts on what was entered there, and on another's record only after its subject's key was there. */
export async function mayActFrom(
  { stationId, receivedAt }: Pick<StoredItem, 'stationId' | 'receivedAt'>,
  stored: Pick<StoredRecord, 'stationId' | 'record'>,
  subscriptions: Pick<SubscriptionRows, 'wasProved'>,
): Promise<boolean> {
  if (stored.stationId === stationId) return true;
  const since = new Date(Date.parse(receivedAt) - provedWithinMs).toISOString();
  return subscriptions.wasProved(stationId, audienceOf.subject(stored.record.subject), since);
}
