import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Receipt } from '#domain/sync/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import { edited, makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import type { StoreEvent } from '../ports/store.ts';
import { openStore } from './open-store.ts';
import type { OpenedStore } from './open-store.ts';
import { housekeepStore } from './tidy-store.ts';

let folder: string;
let opened: OpenedStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  opened = openStore({ folder, ballastBytes: 4096, reserveBytes: 0 });
});
afterEach(() => {
  opened.store.close();
  rmSync(folder, { recursive: true });
});

function reopen(): void {
  opened.store.close();
  opened = openStore({ folder, ballastBytes: 4096, reserveBytes: 0 });
}
const nothing: ReadonlySet<string> = new Set();
const later = '2026-03-02T08:00:00.000Z';
const receiptOf = (item: { id: string; manifestSha: string }): Receipt => ({
  id: item.id,
  manifestSha: item.manifestSha,
  serverSeq: 1,
  receivedAt: later,
  signature: 'c2lnbmVk',
});
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'no failure';
};
function tamper(sql: string): string {
  const db = new SqliteDatabase(join(folder, 'store.db'));
  try {
    db.exec(sql);
    return 'no failure';
  } catch (error) {
    return (error as Error).message;
  } finally {
    db.close();
  }
}

async function queueSubmission(changes: Partial<LudengRecord> = {}) {
  const { store, blobs } = opened;
  const page = await blobs.put(Buffer.from(`page of ${ulid()}`), 'image/jpeg');
  const draft = makeRecord({ materials: [makeMaterial([makePage(page.sha, page.size)])], ...changes });
  store.insertRecord(draft);
  const record = edited(draft, { state: 'submitted', submittedAt: later });
  const item = {
    record,
    itemId: ulid(),
    payload: JSON.stringify({ record, stationId: 'station-1' }),
    blobs: [{ ...page, role: 'page' as const }],
  };
  return { item, record, page, seq: store.enqueueSubmission(item).seq };
}
function queuePush(record: LudengRecord) {
  const id = ulid();
  const push = { id, field: 'bidding', fieldName: '招投标', pushedAt: later, state: 'queued' as const };
  const next = edited(record, { pushes: [...record.pushes, push] });
  return {
    pushId: id,
    seq: opened.store.enqueueAction('push', { record: next, itemId: id, payload: '{}' }).seq,
  };
}
const applied = (from: number, ...changes: Change[]) =>
  opened.store.applyChanges({
    epoch: 'e1',
    from,
    next: from + changes.length,
    changes: changes.map((change, n) => ({ seq: from + n + 1, change, body: JSON.stringify(change) })),
  });
const stored = (recordId: string): Change => ({
  kind: 'record-stored',
  recordId,
  uniqueCode: 'LN202600000001',
  storedAt: later,
});

describe('the outbox', () => {
  it('takes record and item together or not at all', async () => {
    const { store } = opened;
    const { item, record, seq } = await queueSubmission();
    expect(seq).toBe(1);
    expect(store.getRecord(record.id)?.state).toBe('submitted');
    const draft = makeRecord();
    store.insertRecord(draft);
    const missing = [{ sha: 'a'.repeat(64), size: 1, mime: 'image/jpeg', role: 'page' as const }];
    const submitted = edited(draft, { state: 'submitted' });
    const work = () =>
      store.enqueueSubmission({ record: submitted, itemId: ulid(), payload: '{}', blobs: missing });
    expect(codeOf(work)).toBe('NOT_FOUND');
    expect(store.getRecord(draft.id)).toEqual(draft);
    expect(store.outboxCounts()).toEqual({ queued: 1, parked: 0 });
    reopen();
    expect(opened.store.nextItem(nothing)).toMatchObject({
      id: item.itemId,
      seq: 1,
      payload: item.payload,
      blobs: item.blobs,
      blobsDone: 0,
      blobsTotal: 1,
    });
  });

  it('gives the same seq to the same item again and refuses other content under its id', async () => {
    const { item, seq } = await queueSubmission();
    expect(opened.store.enqueueSubmission(item)).toEqual({ seq });
    expect(codeOf(() => opened.store.enqueueSubmission({ ...item, payload: '{}' }))).toBe('CONFLICT');
    expect(opened.store.maxSeq()).toBe(1);
  });

  it('keeps a push behind the submission of its record, and lets other records pass', async () => {
    const { store } = opened;
    const first = await queueSubmission();
    queuePush(first.record);
    const other = await queueSubmission();
    const firstId = first.item.itemId;
    expect(store.nextItem(new Set([firstId]))?.id).toBe(other.item.itemId);
    store.parkItem(firstId, 'CONFLICT', 'other content');
    expect(store.nextItem(new Set([other.item.itemId]))).toBeUndefined();
    expect(store.outboxCounts()).toEqual({ queued: 2, parked: 1 });
    store.unpark(firstId);
    const next = store.nextItem(nothing);
    expect(next?.id).toBe(firstId);
    if (next) store.acceptItem(firstId, receiptOf(next));
    expect(store.nextItem(nothing)).toMatchObject({ action: 'push', recordId: first.record.id });
  });

  it('accepts once, with the receipt, after a restart as well', async () => {
    const { item, record } = await queueSubmission();
    const events: StoreEvent[] = [];
    opened.store.subscribe((event) => events.push(event));
    opened.store.moveItem(item.itemId, 'uploading');
    opened.store.blobDone(item.itemId, item.blobs[0]?.sha ?? '');
    const sent = opened.store.nextItem(nothing);
    if (!sent) throw new Error('nothing to send');
    opened.store.acceptItem(item.itemId, receiptOf(sent));
    opened.store.acceptItem(item.itemId, receiptOf(sent));
    expect(
      events.map((event) => event.type === 'outbox' && [event.item.state, event.item.blobsDone]),
    ).toEqual([
      ['uploading', 0],
      ['uploading', 1],
      ['accepted', 1],
    ]);
    reopen();
    expect(opened.store.itemsOfRecord(record.id)).toMatchObject([
      { state: 'accepted', receipt: receiptOf(sent) },
    ]);
    expect(opened.store.outboxCounts()).toEqual({ queued: 0, parked: 0 });
  });

  it('never lets its tables say what did not happen', async () => {
    await queueSubmission();
    expect(tamper(`update item set state = 'accepted'`)).toBe('RECEIPT_MISSING');
    expect(tamper(`update item set state = 'purged'`)).toBe('ILLEGAL_MOVE');
    expect(tamper(`update item set payload = x'00'`)).toBe('ITEM_FROZEN');
    expect(tamper(`update item set manifest_sha = ''`)).toBe('ITEM_FROZEN');
    expect(tamper('delete from item_blob')).toBe('ITEM_STAYS');
    expect(tamper('delete from item')).toBe('ITEM_STAYS');
    expect(tamper('delete from event')).toBe('LOG_IS_APPENDED');
  });

  it('parks a row that the disk spoilt and goes on with the next', async () => {
    const spoilt = await queueSubmission();
    const good = await queueSubmission();
    tamper(`drop trigger item_payload_unchanged; update item set payload = x'00' where seq = 1`);
    expect(opened.store.nextItem(nothing)?.id).toBe(good.item.itemId);
    expect(opened.store.itemsOfRecord(spoilt.record.id)).toMatchObject([
      { state: 'parked', error: 'FILE_DAMAGED' },
    ]);
  });

  it('gives up pages and payload after their time and keeps the text of the record', async () => {
    const { item, record, page } = await queueSubmission();
    const waiting = await queueSubmission();
    const sent = opened.store.nextItem(nothing);
    if (!sent) throw new Error('nothing to send');
    opened.store.acceptItem(item.itemId, receiptOf(sent));
    expect(opened.store.purgeAccepted(later)).toBe(0);
    expect(opened.store.purgeAccepted('2026-04-01T00:00:00.000Z')).toBe(1);
    reopen();
    expect(opened.blobs.has(page.sha)).toBe(false);
    expect(opened.blobs.has(waiting.page.sha)).toBe(true);
    expect(opened.store.getRecord(record.id)).toEqual(record);
    expect(opened.store.itemsOfRecord(record.id)).toMatchObject([{ state: 'purged' }]);
    expect(opened.store.maxSeq()).toBe(2);
  });
});

it('is tidied by age: acknowledged pages and those of abandoned captures leave, the rest stays', async () => {
  const { store, blobs } = opened;
  const sent = await queueSubmission();
  const waiting = await queueSubmission();
  const abandoned = await blobs.put(Buffer.from('abandoned'), 'image/jpeg');
  const item = store.nextItem(nothing);
  if (!item) throw new Error('nothing to send');
  store.acceptItem(item.id, receiptOf(item));
  const tidy = (at: Date) =>
    housekeepStore({
      ...{ store, blobs, keepDays: 30, keepDraftsHours: 10_000, atCounter: undefined, isCapturing: true },
      now: () => at,
    });
  expect(tidy(new Date(later))).toEqual({ items: 0, drafts: 0, pages: 0 });
  expect(tidy(new Date(Date.now() + 400 * 86_400_000))).toEqual({ items: 1, drafts: 0, pages: 2 });
  expect([sent.page.sha, abandoned.sha, waiting.page.sha].map((sha) => blobs.has(sha))).toEqual([
    false,
    false,
    true,
  ]);
});

describe('the inbox', () => {
  it('applies a page of changes once and moves the cursor with it', async () => {
    const { store } = opened;
    const { record } = await queueSubmission();
    expect(applied(0, stored(record.id))).toBe(false);
    store.resetCursor('e1');
    expect(applied(0, stored(record.id))).toBe(true);
    const after = store.getRecord(record.id);
    expect(after).toMatchObject({
      state: 'stored',
      uniqueCode: 'LN202600000001',
      revision: record.revision + 1,
    });
    expect(applied(0, stored(record.id))).toBe(false);
    expect(applied(3, stored(record.id))).toBe(false);
    store.resetCursor('e2');
    expect(
      store.applyChanges({
        epoch: 'e2',
        from: 0,
        next: 1,
        changes: [{ seq: 1, change: stored(record.id), body: '{}' }],
      }),
    ).toBe(true);
    expect(store.getRecord(record.id)).toEqual(after);
    expect(store.cursor()).toEqual({ epoch: 'e2', seq: 1 });
  });

  it('lets the new record take the place of the one it supersedes', async () => {
    opened.store.resetCursor('e1');
    const older = await queueSubmission();
    applied(0, stored(older.record.id));
    const newer = await queueSubmission({ supersedes: older.record.id });
    expect(opened.store.getRecord(older.record.id)?.state).toBe('stored');
    applied(1, stored(newer.record.id));
    expect(opened.store.getRecord(older.record.id)?.state).toBe('superseded');
  });

  it('follows a push to its decision and ignores a late word before it', async () => {
    opened.store.resetCursor('e1');
    const { record } = await queueSubmission();
    applied(0, stored(record.id));
    const { pushId } = queuePush(opened.store.getRecord(record.id) ?? record);
    const word = { kind: 'push-state' as const, recordId: record.id, pushId, at: later };
    applied(
      1,
      { ...word, state: 'approved', opinion: '同意', decidedBy: '张审' },
      { ...word, state: 'under-review' },
    );
    expect(opened.store.getRecord(record.id)?.pushes).toMatchObject([{ state: 'approved', opinion: '同意' }]);
  });

  it('keeps what it cannot apply and tries it again at the next start', async () => {
    opened.store.resetCursor('e1');
    const record = makeRecord();
    expect(applied(0, stored(record.id))).toBe(true);
    opened.store.insertRecord(record);
    opened.store.updateRecord(edited(record, { state: 'submitted' }));
    reopen();
    expect(opened.store.getRecord(record.id)?.state).toBe('stored');
    expect(opened.store.cursor()).toEqual({ epoch: 'e1', seq: 1 });
  });

  it('moves the record of a refused submission to rejected with its reason', async () => {
    const { item, record } = await queueSubmission();
    const failure = { code: 'VERDICT_MISMATCH' as const, message: '服务器复核结果与采集站不一致', at: later };
    opened.store.rejectItem(item.itemId, failure);
    expect(opened.store.getRecord(record.id)).toMatchObject({ state: 'rejected', rejection: failure });
    expect(opened.store.outboxCounts()).toEqual({ queued: 0, parked: 0 });
  });
});
