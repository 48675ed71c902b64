/** What a record said each time that it was given back: kept beside its row, which says what it says now. */
import { recordSchema, returnedCode } from '#domain/record/schema.ts';
import type { ReturnedVersion } from '../ports/case-rows.ts';
import type { Db, Trx } from './open-store.ts';
import { rejectionSchema } from './rejection.ts';

interface Held {
  recordId: string;
  itemId: string;
  body: string;
  reason: string;
  uniqueCode: string;
}

/** Of two that correct one record the second finds it corrected: its row is held until the transaction ends. */
export async function holdReturned(trx: Trx, recordId: string): Promise<Held | undefined> {
  const row = await trx
    .updateTable('record')
    .set({ settled_at: (eb) => eb.ref('settled_at') })
    .where('id', '=', recordId)
    .where('state', '=', 'rejected')
    .where('unique_code', 'is not', null)
    .returning(['item_id', 'body', 'rejection', 'unique_code'])
    .executeTakeFirst();
  if (!row || row.unique_code === null || row.rejection === null) return undefined;
  const { code, message } = rejectionSchema.parse(JSON.parse(row.rejection));
  if (code !== returnedCode) return undefined;
  return { recordId, itemId: row.item_id, body: row.body, reason: message, uniqueCode: row.unique_code };
}

export async function keepVersion(
  trx: Trx,
  { recordId, itemId, body, reason }: Held,
  at: string,
): Promise<void> {
  const { last } = await trx
    .selectFrom('returned_version')
    .select((eb) => eb.fn.max('number').as('last'))
    .where('record_id', '=', recordId)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('returned_version')
    .values({
      record_id: recordId,
      number: Number(last ?? 0) + 1,
      item_id: itemId,
      reason,
      corrected_at: at,
      body,
    })
    .execute();
}

/** Newest first. */
export async function returnedVersions(db: Db, recordId: string): Promise<ReturnedVersion[]> {
  const rows = await db
    .selectFrom('returned_version')
    .selectAll()
    .where('record_id', '=', recordId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(({ number, body, reason, corrected_at }) => ({
    ...{ number: Number(number), record: recordSchema.parse(JSON.parse(body)), reason },
    correctedAt: corrected_at,
  }));
}
