/**
 * What is left of a draft that was deleted. Whoever looks has everything: the station's key, all files as they are, and every
 * block of the disk as it ever was but for those that were overwritten where they lie.
 */
import { hash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edited, makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Batch } from '#domain/batch/schema.ts';
import { createEnvelope } from './envelope.ts';
import { migrate } from './migrate.ts';
import type { OpenedStore } from './open-store.ts';
import { isKeyBlock, unwrapKey } from './own-keys.ts';

let folder: string;
let remove: () => void;
let opened: OpenedStore;
beforeEach(() => {
  ({ folder, remove } = makeFolder());
  opened = openStation(folder);
});
afterEach(() => {
  opened.store.close();
  remove();
});

function reopen(): OpenedStore {
  opened.store.close();
  return (opened = openStation(folder));
}

async function makeDraft(
  changes: Partial<LudengRecord> = {},
): Promise<{ record: LudengRecord; sha: string }> {
  const { sha, size } = await opened.blobs.put(randomBytes(20_000), 'image/jpeg');
  const record = makeRecord({
    form: { idNumber: '210102199001011234' },
    materials: [makeMaterial([makePage(sha, size)])],
    ...changes,
  });
  opened.store.insertRecord(record);
  return { record, sha };
}

function makeBatch(page: string, updatedAt: string): Batch {
  return {
    id: ulid(),
    creditCode: '91210100MA0000000A',
    createdAt: updatedAt,
    updatedAt,
    revision: 0,
    pages: [{ id: ulid(), page: makePage(page, 20_000) }],
    documents: [],
    refused: [],
    arranged: false,
    complete: true,
  };
}

const pathOf = (sha: string): string => join(folder, 'pages', sha.slice(0, 2), sha);
function stationKey(): ReturnType<typeof createEnvelope> {
  const { storeKey } = JSON.parse(readFileSync(join(folder, 'station.key'), 'utf8')) as { storeKey: string };
  return createEnvelope(Buffer.from(storeKey, 'base64'));
}

/** Names whose keys can still be had from the files as they are. */
function keysLeft(): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.flatMap(({ parentPath, name }) => {
    const bytes = readFileSync(join(parentPath, name));
    if (!isKeyBlock(bytes)) return [];
    const of = basename(parentPath) === 'keys' ? name : `blob|${name}`;
    unwrapKey(bytes, stationKey(), `key|${of}`);
    return [of];
  });
}

/** Everything as it was, but with the keys that are left now; a page's file has lost its first block. */
function withOldFiles(old: string, look: (store: OpenedStore) => Promise<void> | void): Promise<void> | void {
  const keys = readdirSync(join(folder, 'keys'));
  for (const name of readdirSync(join(old, 'keys')))
    if (!keys.includes(name)) rmSync(join(old, 'keys', name));
  const store = openStation(old);
  try {
    return look(store);
  } finally {
    store.store.close();
  }
}

describe('a deleted draft', () => {
  it('is gone with its key, its pages, its log and its refused submission; others stay', async () => {
    const kept = await makeDraft();
    const { record, sha } = await makeDraft();
    const submitted = edited(record, { state: 'submitted', submittedAt: '2026-03-01T01:00:00.000Z' });
    const itemId = ulid();
    opened.store.enqueueSubmission({
      record: submitted,
      itemId,
      payload: JSON.stringify(submitted),
      blobs: [],
    });
    opened.store.rejectItem(itemId, { code: 'BAD_REQUEST', message: '', at: '2026-03-01T02:00:00.000Z' });
    const refused = opened.store.getRecord(record.id);
    if (!refused) throw new Error('the record is gone');
    opened.store.updateRecord(edited(refused, { state: 'draft' }));
    expect(keysLeft()).toEqual(expect.arrayContaining([`record-${record.id}`, `blob|${sha}`]));
    const old = join(folder, '..', `${basename(folder)}-old`);
    cpSync(folder, old, { recursive: true });
    try {
      opened.store.deleteDraft(record.id);
      expect(keysLeft().sort()).toEqual([`blob|${kept.sha}`, `record-${kept.record.id}`]);
      expect(existsSync(pathOf(sha))).toBe(false);
      expect(readFileSync(join(folder, 'store.db-wal'))).toHaveLength(0);
      const left = new SqliteDatabase(join(folder, 'store.db'), { readonly: true });
      const rows = JSON.stringify([
        left.prepare('select length(body), content_sha, subject_tag from record where id = ?').all(record.id),
        left.prepare('select count(*) from record_operation where record_id = ?').all(record.id),
        left.prepare('select length(payload), state from item where record_id = ?').all(record.id),
        left.prepare('select count(*) from blob where sha = ?').all(sha),
      ]);
      left.close();
      expect(JSON.parse(rows)).toEqual([
        [{ 'length(body)': 0, content_sha: '', subject_tag: '' }],
        [{ 'count(*)': 0 }],
        [{ 'length(payload)': 0, state: 'purged' }],
        [{ 'count(*)': 0 }],
      ]);

      await withOldFiles(old, ({ store }) => {
        expect(() => store.getRecord(record.id)).toThrow();
        expect(store.getRecord(kept.record.id)).toEqual(kept.record);
      });
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
    expect(reopen().store.getRecord(kept.record.id)).toEqual(kept.record);
    expect(await opened.blobs.get(kept.sha)).toHaveLength(20_000);
    expect(opened.store.listRecords({ creditCode: kept.record.subject.creditCode })).toEqual([kept.record]);
  });

  it('leaves neither its text nor whose it was in the files', async () => {
    const { record } = await makeDraft({ subject: { name: '一家公司', creditCode: '91210100MA0SECRET0' } });
    const told = () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
        .join('');
    // even before: only the station can tell whose a row is
    expect(told()).not.toContain('91210100MA0SECRET0');
    opened.store.deleteDraft(record.id);
    opened.store.close();
    expect(told()).not.toContain('210102199001011234');
  });

  it('keeps the pages that another record has', async () => {
    const { record, sha } = await makeDraft();
    const other = makeRecord({ materials: record.materials });
    opened.store.insertRecord(other);
    opened.store.deleteDraft(record.id);
    expect(await opened.blobs.get(sha)).toHaveLength(20_000);
    opened.store.deleteDraft(other.id);
    expect(existsSync(pathOf(sha))).toBe(false);
  });

  it('is destroyed at the next start where a crash came between its row and its key', async () => {
    const { record, sha } = await makeDraft();
    const key = join(folder, 'keys', `record-${record.id}`);
    const saved = [readFileSync(key), readFileSync(pathOf(sha))] as const;
    opened.store.deleteDraft(record.id);
    writeFileSync(key, saved[0]);
    writeFileSync(`${key}.tmp`, saved[0]);
    writeFileSync(pathOf(sha), saved[1]);
    reopen();
    expect(keysLeft()).toEqual([]);
  });

  it('is a stack too', async () => {
    const { sha } = await opened.blobs.put(randomBytes(20_000), 'image/jpeg');
    const batch = makeBatch(sha, '2026-03-01T01:00:00.000Z');
    opened.batches.put(batch);
    expect(opened.batches.list(batch.creditCode)).toEqual([batch]);
    expect(keysLeft().sort()).toEqual([`blob|${sha}`, `stack-${batch.id}`]);
    opened.batches.remove(batch.id);
    expect(keysLeft()).toEqual([]);
    expect(opened.batches.list(batch.creditCode)).toEqual([]);
  });
});

describe('drafts of people who left', () => {
  const someone = '91210100MA0000000A';
  beforeEach(() => {
    // as in a store that has had ages for long
    opened.store.close();
    const db = new SqliteDatabase(join(folder, 'store.db'));
    db.exec(`update draft_age set counted_from = '2026-01-01T00:00:00.000Z'`);
    db.close();
    opened = openStation(folder);
  });

  it('go by the age of their last touch, unless it is the subject at the counter; what was submitted stays', async () => {
    const old = (await makeDraft({ updatedAt: '2026-02-01T00:00:00.000Z' })).record;
    const saved = (await makeDraft({ updatedAt: '2026-02-01T00:00:00.000Z', state: 'saved' })).record;
    const young = (await makeDraft({ updatedAt: '2026-02-03T00:00:00.000Z' })).record;
    const { record } = await makeDraft({ updatedAt: '2026-02-01T00:00:00.000Z' });
    const submitted = edited(record, { state: 'submitted', submittedAt: '2026-02-01T00:00:00.000Z' });
    opened.store.updateRecord(submitted);
    const { sha } = await opened.blobs.put(randomBytes(9), 'image/jpeg');
    opened.batches.put(makeBatch(sha, '2026-02-01T00:00:00.000Z'));
    expect(opened.store.oldestDraft(someone)).toBe('2026-02-01T00:00:00.000Z');
    expect(opened.store.deleteAgedDrafts('2026-02-02T00:00:00.000Z', someone)).toBe(0);
    expect(opened.store.deleteAgedDrafts('2026-02-02T00:00:00.000Z')).toBe(3);
    expect([old, saved].map(({ id }) => opened.store.getRecord(id))).toEqual([undefined, undefined]);
    expect(opened.store.getRecord(young.id)).toEqual(young);
    expect(opened.store.getRecord(submitted.id)).toEqual(submitted);
    expect(opened.batches.list(someone)).toEqual([]);
    expect(opened.store.oldestDraft(someone)).toBe('2026-02-03T00:00:00.000Z');
    expect(keysLeft()).not.toContain(`record-${old.id}`);
  });
});

describe('a store of the time before', () => {
  it('opens with everything it had, under keys of its own, and has lost what was deleted', async () => {
    opened.store.close();
    const station = stationKey();
    for (const name of ['store.db', 'begun']) rmSync(join(folder, name));
    const db = new SqliteDatabase(join(folder, 'store.db'));
    migrate(db, 7);
    db.prepare('insert into identity values (1, ?, ?, null)').run(ulid(), '2026-01-01T00:00:00.000Z');
    const page = randomBytes(5000);
    const sha = hash('sha256', page);
    mkdirSync(join(folder, 'pages', sha.slice(0, 2)), { recursive: true });
    const legacyFile = station.seal(page, sha);
    writeFileSync(pathOf(sha), legacyFile);
    db.prepare('insert into blob values (?, ?, ?, ?)').run(
      sha,
      page.length,
      'image/jpeg',
      '2026-01-01T00:00:00.000Z',
    );
    const bodies: Buffer[] = [];
    const seal = (value: unknown, name: string): Buffer => {
      const sealed = station.seal(Buffer.from(JSON.stringify(value), 'utf8'), name);
      bodies.push(sealed);
      return sealed;
    };
    const insert = (record: LudengRecord, deletedAt: string | null): void => {
      const { operations, ...body } = record;
      db.prepare('insert into record values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
        ...[record.id, record.programme, record.kind, record.role, record.subject.creditCode, record.state],
        ...[record.revision, 'a'.repeat(64), record.createdAt, record.updatedAt, deletedAt],
        seal(body, `record|${record.id}`),
      );
      operations.forEach((operation, n) =>
        db
          .prepare('insert into record_operation values (?, ?, ?)')
          .run(record.id, n, seal(operation, `operation|${record.id}|${n}`)),
      );
    };
    const draft = makeRecord({ materials: [makeMaterial([makePage(sha, page.length)])] });
    insert(draft, null);
    db.prepare('insert into record_blob values (?, ?)').run(draft.id, sha);
    const submitted = makeRecord({ state: 'submitted', submittedAt: '2026-01-01T00:00:00.000Z' });
    insert(submitted, null);
    const itemId = ulid();
    db.prepare(
      `insert into item (id, kind, record_id, schema_version, payload, payload_sha, manifest_sha, created_at)
       values (?, 'submission', ?, 1, ?, 'x', 'x', '2026-01-01T00:00:00.000Z')`,
    ).run(itemId, submitted.id, seal({ record: submitted }, `item|${itemId}`));
    const deleted = makeRecord();
    insert(deleted, '2026-01-02T00:00:00.000Z');
    const batch = makeBatch(sha, '2026-01-01T00:00:00.000Z');
    db.prepare('insert into stack values (?, ?, ?, ?)').run(
      ...[batch.id, batch.creditCode, batch.updatedAt, seal(batch, `stack|${batch.id}`)],
    );
    db.prepare('insert into stack_blob values (?, ?)').run(batch.id, sha);
    db.close();

    opened = openStation(folder);
    expect(opened.store.getRecord(draft.id)).toEqual(draft);
    expect(opened.store.getRecord(submitted.id)).toEqual(submitted);
    expect(opened.store.getRecord(deleted.id)).toBeUndefined();
    expect(opened.store.listRecords({ creditCode: draft.subject.creditCode })).toHaveLength(2);
    expect(opened.batches.list(batch.creditCode)).toEqual([batch]);
    expect(opened.store.nextItem(new Set())).toMatchObject({
      id: itemId,
      payload: JSON.stringify({ record: submitted }),
    });
    expect(Buffer.from(await opened.blobs.get(sha))).toEqual(page);
    // the new program's rules hold for the lifted rows
    expect(() => opened.store.updateRecord(edited(submitted, { form: { a: 'b' } }))).toThrow(
      expect.objectContaining({ code: 'RECORD_NOT_EDITABLE' }),
    );
    opened.store.updateRecord(edited(draft, { form: { a: 'b' } }));
    // its age counts from today, not from the day it was typed
    expect(opened.store.deleteAgedDrafts('2026-02-02T00:00:00.000Z')).toBe(0);

    // what the station's key alone opened stands in the files no more
    const files = ['store.db', 'store.db-wal'].map((name) => readFileSync(join(folder, name)));
    for (const body of bodies) for (const file of files) expect(file.includes(body)).toBe(false);
    opened.store.deleteDraft(draft.id);
    opened.batches.remove(batch.id);
    expect(existsSync(pathOf(sha))).toBe(false);
    expect(keysLeft()).toEqual([`record-${submitted.id}`]);
  });
});
