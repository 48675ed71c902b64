import { hash } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { actionIdSchema, itemKindSchema } from '#domain/sync/action.ts';
import type { ActionId } from '#domain/sync/action.ts';
import { applyChange } from '#domain/sync/apply-change.ts';
import { manifestText } from '#domain/sync/manifest.ts';
import { blobRefSchema, receiptSchema } from '#domain/sync/schema.ts';
import type { Audit, BlobRef, Receipt } from '#domain/sync/schema.ts';
import { allows } from '#domain/record/lifecycle.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { OutboxItem, OutboxItemState, QueuedItem, SendableItem } from '../ports/store.ts';
import type { StoreContext } from './context.ts';
import type { Envelope } from './envelope.ts';
import type { Records } from './records.ts';

/** Raised when the shape of a payload changes in a way the server must know. */
const schemaVersion = 1;

interface ItemRow {
  seq: number;
  id: string;
  kind: string;
  action: string;
  record_id: string;
  schema_version: number;
  payload_sha: string;
  manifest_sha: string;
  state: OutboxItemState;
  attempts: number;
  last_error: string | null;
  receipt: string | null;
  created_at: string;
  blobs_done: number;
  blobs_total: number;
}

/** Without the payload, which is large and seldom wanted. */
const selectItem = `
  select seq, id, kind, action, record_id, schema_version, payload_sha, manifest_sha, state, attempts, last_error, receipt, created_at,
    (select count(*) from item_blob where item_id = item.id) as blobs_total,
    (select coalesce(sum(done), 0) from item_blob where item_id = item.id) as blobs_done
  from item`;

/** The queue towards the server: states, attempts and receipts. Nothing here is ever deleted for having failed. */
export function createOutbox(context: StoreContext, records: Records) {
  const { db, envelopeOf, now, write, note, logLinesOf } = context;
  const byId = db.prepare<[string], ItemRow>(`${selectItem} where id = ?`);
  const selectState = db.prepare<[string], Pick<ItemRow, 'state'>>('select state from item where id = ?');
  const byRecord = db.prepare<[string], ItemRow>(`${selectItem} where record_id = ? order by seq`);
  const selectPayload = db.prepare<[string], { record_id: string; payload: Buffer }>(
    'select record_id, payload from item where id = ?',
  );
  // An item waits for the earlier ones of its record: a push means nothing before its submission.
  const active = db.prepare<[number], { id: string }>(`
    select id from item
    where state in ('ready', 'uploading', 'committing')
      and not exists (select 1 from item as earlier
        where earlier.record_id = item.record_id and earlier.seq < item.seq
          and earlier.state in ('ready', 'uploading', 'committing', 'parked'))
    order by seq limit ?`);
  const blobsOfItem = db.prepare<[string], BlobRef>(
    'select sha, size, mime, role from item_blob where item_id = ? order by ord',
  );
  const counts = db.prepare<[], { queued: number; parked: number }>(`
    select coalesce(sum(state in ('ready', 'uploading', 'committing')), 0) as queued,
      coalesce(sum(state = 'parked'), 0) as parked from item where state in ('ready', 'uploading', 'committing', 'parked')`);
  const oldest = db.prepare<[], { at: string | null }>(
    `select min(created_at) as at from item where state in ('ready', 'uploading', 'committing')`,
  );
  const insertItem = db.prepare(`
    insert into item (id, kind, action, record_id, schema_version, payload, payload_sha, manifest_sha, created_at)
    values (:id, 'action', :action, :recordId, :schemaVersion, :payload, :payloadSha, :manifestSha, :createdAt)`);
  const insertItemBlob = db.prepare(`
    insert into item_blob (item_id, ord, role, sha, size, mime)
    select :itemId, :ord, :role, sha, :size, :mime from blob where sha = :sha and size = :size`);
  const setState = db.prepare(`
    update item set state = :state, attempts = attempts + :attempt, last_error = :error, last_detail = :detail
    where id = :id`);
  const setReceipt = db.prepare(`
    update item set state = 'accepted', last_error = null, last_detail = null, receipt = :receipt, received_at = :receivedAt
    where id = :id`);
  const setDone = db.prepare('update item_blob set done = 1 where item_id = ? and sha = ? and done = 0');
  const lastSeq = db.prepare<[], { seq: number }>(`select seq from sqlite_sequence where name = 'item'`);
  const received = db.prepare<[string], { id: string; record_id: string }>(
    `select id, record_id from item where state = 'accepted' and received_at < ?`,
  );
  const purge = db.prepare(`update item set state = 'purged', payload = x'' where id = ?`);
  const selectAudit = db.prepare<[number, number], Audit['items'][number]>(`
    select seq, id, manifest_sha as manifestSha,
      case when state = 'accepted' then 'kept' when state = 'purged' and receipt is not null then 'gone' else 'open' end as state
    from item where seq > ? order by seq limit ?`);
  const setAgain = db.prepare(`
    update item set state = 'ready', receipt = null, received_at = null, last_detail = 'the server has lost it'
    where id = ? and state = 'accepted'`);
  const setUndone = db.prepare('update item_blob set done = 0 where item_id = ?');
  const openOfRecord = db.prepare<[string], { n: number }>(`
    select count(*) as n from item where record_id = ? and state not in ('accepted', 'rejected', 'purged')`);

  /** The copy of another station's record goes with the session, and its key with it; what was queued on it must still leave. */
  function envelopeOfItem(recordId: string): Envelope {
    return records.ownerOf(recordId) === 'elsewhere' ? context.envelope : envelopeOf('record', recordId);
  }

  function mustGet(id: string): ItemRow {
    const row = byId.get(id);
    if (!row) throw new AppError('NOT_FOUND', { itemId: id });
    return row;
  }

  function stateOf(id: string): OutboxItemState {
    const row = selectState.get(id);
    if (!row) throw new AppError('NOT_FOUND', { itemId: id });
    return row.state;
  }

  function move(id: string, state: OutboxItemState, failure?: { code: ErrorCode; detail: string }): void {
    // What a person decides must stand. How far the sending got is asked of the server after a power cut.
    const isForPeople = state === 'parked' || stateOf(id) === 'parked';
    (isForPeople ? write : note)((raise) => {
      const attempt = failure && state !== 'parked' ? 1 : 0;
      setState.run({ id, state, attempt, error: failure?.code ?? null, detail: failure?.detail ?? null });
      raise({ type: 'outbox', item: toItem(mustGet(id)) });
    });
  }

  function enqueue(
    action: ActionId,
    { record, itemId, payload }: QueuedItem,
    blobs: BlobRef[],
  ): { seq: number } {
    const parsed = recordSchema.parse(record);
    const refs = blobs.map((blob) => blobRefSchema.parse(blob));
    const payloadSha = sha256(payload);
    return write((raise) => {
      const known = byId.get(itemId);
      if (known) {
        if (known.payload_sha !== payloadSha || known.action !== action)
          throw new AppError('CONFLICT', { itemId });
        return { seq: known.seq };
      }
      records.replace(parsed, raise);
      insertItem.run({
        id: itemId,
        action,
        recordId: record.id,
        schemaVersion,
        payload: envelopeOfItem(record.id).seal(Buffer.from(payload, 'utf8'), `item|${itemId}`),
        payloadSha,
        manifestSha: sha256(manifestText(payloadSha, refs)),
        createdAt: now(),
      });
      refs.forEach((ref, ord) => {
        if (insertItemBlob.run({ ...ref, itemId, ord }).changes === 0)
          throw new AppError('NOT_FOUND', { blob: ref.sha });
      });
      const row = mustGet(itemId);
      raise({ type: 'outbox', item: toItem(row) });
      return { seq: row.seq };
    });
  }

  function openPayload(id: string): string {
    const row = selectPayload.get(id);
    if (!row) throw new AppError('NOT_FOUND', { itemId: id });
    return envelopeOfItem(row.record_id).open(row.payload, `item|${id}`).toString('utf8');
  }

  function next(except: ReadonlySet<string>): SendableItem | undefined {
    const found = active.all(except.size + 1).find(({ id }) => !except.has(id));
    if (!found) return undefined;
    const { id } = found;
    const row = mustGet(id);
    try {
      return {
        ...toItem(row),
        schemaVersion: row.schema_version,
        payload: openPayload(id),
        payloadSha: row.payload_sha,
        manifestSha: row.manifest_sha,
        blobs: blobsOfItem.all(id),
      };
    } catch (error) {
      // One row that the disk spoilt must not hold up those behind it.
      move(id, 'parked', { code: 'FILE_DAMAGED', detail: String(error) });
      return next(except);
    }
  }

  return {
    enqueueSubmission: (item: QueuedItem & { blobs: BlobRef[] }): { seq: number } => {
      if (!allows(item.record, 'store')) throw new Error('a queued record is in state submitted');
      return enqueue('submit', item, item.blobs);
    },
    enqueueAction: (action: 'push' | 'withdraw' | 'release', item: QueuedItem): { seq: number } =>
      enqueue(action, item, []),
    counts: () => counts.get() ?? { queued: 0, parked: 0 },
    oldestQueuedAt: (): string | undefined => oldest.get()?.at ?? undefined,
    ofRecord: (recordId: string): OutboxItem[] => byRecord.all(recordId).map(toItem),
    maxSeq: (): number => lastSeq.get()?.seq ?? 0,

    next,
    move: (id: string, to: 'ready' | 'uploading' | 'committing', failure?: ErrorCode): void => {
      // The trigger would let these become ready: a person may ask for the first, the audit for the second.
      const state = stateOf(id);
      if (state === 'parked' || state === 'accepted') throw new Error(`ILLEGAL_MOVE of an item in ${state}`);
      move(id, to, failure && { code: failure, detail: errorTable[failure].message });
    },
    blobDone: (id: string, sha: string): void => {
      note((raise) => {
        if (setDone.run(id, sha).changes > 0) raise({ type: 'outbox', item: toItem(mustGet(id)) });
      });
    },
    /** Not flushed by itself: the server gives the same receipt again, and nothing is purged for days. */
    accept: (id: string, receipt: Receipt): void => {
      note((raise) => {
        const state = stateOf(id);
        if (state === 'accepted' || state === 'purged') return;
        setReceipt.run({ id, receipt: JSON.stringify(receipt), receivedAt: receipt.receivedAt });
        raise({ type: 'outbox', item: toItem(mustGet(id)) });
      });
    },
    reject: (id: string, failure: { code: ErrorCode; message: string; at: string }): void => {
      write((raise) => {
        const row = mustGet(id);
        if (row.state === 'rejected') return;
        setState.run({ id, state: 'rejected', attempt: 0, error: failure.code, detail: failure.message });
        const record = records.get(row.record_id);
        if (row.action === 'submit' && record && allows(record, 'reject'))
          records.replace(
            applyChange(
              record,
              { kind: 'record-rejected', recordId: record.id, ...failure },
              logLinesOf(record.programme),
            ),
            raise,
          );
        raise({ type: 'outbox', item: toItem(mustGet(id)) });
      });
    },
    park: (id: string, code: ErrorCode, detail: string): void => move(id, 'parked', { code, detail }),
    unpark: (id: string): void => {
      if (stateOf(id) === 'parked') move(id, 'ready');
    },
    auditItems: (after: number, limit: number) => selectAudit.all(after, limit),
    offerAgain: (id: string): boolean =>
      write((raise) => {
        if (setAgain.run(id).changes === 0) return false;
        setUndone.run(id);
        raise({ type: 'outbox', item: toItem(mustGet(id)) });
        return true;
      }),
    purgeAccepted: (receivedBefore: string): number => {
      return write((raise) => {
        const rows = received.all(receivedBefore);
        for (const row of rows) purge.run(row.id);
        for (const row of rows) {
          if (openOfRecord.get(row.record_id)?.n === 0) records.releaseBlobs(row.record_id);
          raise({ type: 'outbox', item: toItem(mustGet(row.id)) });
        }
        return rows.length;
      });
    },
  };
}

function toItem(row: ItemRow): OutboxItem {
  return {
    id: row.id,
    seq: row.seq,
    kind: itemKindSchema.parse(row.kind),
    action: actionIdSchema.parse(row.action),
    recordId: row.record_id,
    state: row.state,
    blobsDone: row.blobs_done,
    blobsTotal: row.blobs_total,
    attempts: row.attempts,
    queuedAt: row.created_at,
    ...(isErrorCode(row.last_error) ? { error: row.last_error } : {}),
    ...(row.receipt === null ? {} : { receipt: receiptSchema.parse(JSON.parse(row.receipt)) }),
  };
}

function isErrorCode(code: string | null): code is ErrorCode {
  return code !== null && code in errorTable;
}

function sha256(text: string): string {
  return hash('sha256', text);
}
