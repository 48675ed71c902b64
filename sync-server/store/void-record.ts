/** 作废 and 取消作废 in a transaction, whether the subject does it at a portal or a decision does. */
import { recordSchema } from '#domain/record/schema.ts';
import { restoreRecord, voidRecord } from '#domain/record/voiding.ts';
import { audiencesOfRecord } from '../ports/audiences-of-record.ts';
import type { StoredRecord } from '../ports/case-rows.ts';
import type { Addressed } from './bookkeeping.ts';
import type { Trx } from './open-store.ts';

export type Voided =
  /** `letter`: for whoever may see the record; `action`: as the log has it. */
  | { outcome: 'done'; letter: Addressed; action: 'record-voided' | 'record-restored' }
  /** It is so already. */
  | { outcome: 'as-before' }
  /** Another has taken its place, or it was given back. */
  | { outcome: 'stands-no-more' };

/** Holds the record's row: of two at one moment the second finds what the first did. */
export async function writeVoid(
  trx: Trx,
  stored: Pick<StoredRecord, 'record' | 'stationId'>,
  { isVoid, at, by }: { isVoid: boolean; at: string; by: string },
): Promise<Voided> {
  const { id } = stored.record;
  const row = await trx
    .updateTable('record')
    .set({ settled_at: (eb) => eb.ref('settled_at') })
    .where('id', '=', id)
    .returning(['state', 'body'])
    .executeTakeFirstOrThrow();
  const before = recordSchema.parse(JSON.parse(row.body));
  if ((before.voided !== undefined) === isVoid) return { outcome: 'as-before' };
  if (row.state !== 'stored') return { outcome: 'stands-no-more' };
  const { state } = before;
  const make = isVoid ? voidRecord : restoreRecord;
  const next = { ...make({ ...before, state: row.state }, { at, by }), state };
  await trx
    .updateTable('record')
    .set({ body: JSON.stringify(next) })
    .where('id', '=', id)
    .execute();
  return {
    outcome: 'done',
    letter: {
      to: audiencesOfRecord(stored),
      changes: [{ kind: 'record-void', recordId: id, isVoid, at, by }],
    },
    action: isVoid ? 'record-voided' : 'record-restored',
  };
}
