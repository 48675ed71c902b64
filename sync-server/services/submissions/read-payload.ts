import { parseAction } from '#domain/sync/action.ts';
import type { ActionId, RecordAction } from '#domain/sync/action.ts';
import type { StoredItem } from '../../ports/item-rows.ts';

type PayloadOf<A extends ActionId> = Extract<RecordAction, { action: A }>['payload'];

/** Which action an item brought: it was parsed when it came. Throws for one that does not parse any more. */
export function readAction({ kind, payload }: Pick<StoredItem, 'kind' | 'payload'>): RecordAction {
  const { data, error } = parseAction(kind, JSON.parse(payload));
  if (!data) throw error;
  return data;
}

/** What the action needs. Throws where the item brought another one. */
export function readPayload<A extends ActionId>(
  item: Pick<StoredItem, 'kind' | 'payload'>,
  action: A,
): PayloadOf<A> {
  const read = readAction(item);
  if (read.action !== action) throw new Error(`the item brings ${read.action}, not ${action}`);
  // the line above has narrowed it; a union's member is not narrowed by a type parameter
  return read.payload as PayloadOf<A>;
}
