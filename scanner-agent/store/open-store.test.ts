import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { edited, makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import type { StoreEvent } from '../ports/store.ts';
import { migrate, migrations } from './migrate.ts';
import { openStore } from './open-store.ts';
import type { OpenedStore } from './open-store.ts';

let folder: string;
let opened: OpenedStore[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  opened = [];
});
afterEach(() => {
  for (const { store } of opened) store.close();
  rmSync(folder, { recursive: true });
});

function open(): OpenedStore {
  const store = openStore({ folder, ballastBytes: 4096, reserveBytes: 0 });
  opened.push(store);
  return store;
}
function reopen(): OpenedStore {
  opened.pop()?.store.close();
  return open();
}
const page = (fill: number, size = 2000) => new Uint8Array(size).fill(fill);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'no failure';
};
/** What a program with a bug could try to do to the tables. */
function tamper(sql: string): string {
  const db = new SqliteDatabase(join(folder, 'store.db'));
  try {
    db.pragma('foreign_keys = ON');
    db.exec(sql);
    return 'no failure';
  } catch (error) {
    return (error as Error).message;
  } finally {
    db.close();
  }
}

describe('the folder', () => {
  it('keeps one identity for life and lets nobody else read its key', () => {
    const before = open().store.identity();
    expect(reopen().store.identity()).toEqual(before);
    expect(statSync(join(folder, 'station.key')).mode & 0o777).toBe(0o600);
  });

  it('refuses a second process', () => {
    open();
    const script = `import('${join(import.meta.dirname, 'open-store.ts')}').then(({ openStore }) =>
      openStore({ folder: process.argv[1] })).then(() => console.log('opened'), (error) => console.log(error.code))`;
    const answer = spawnSync(process.execPath, ['-e', script, folder], { encoding: 'utf8' });
    expect(answer.stdout.trim()).toBe('STORE_LOCKED');
    expect(codeOf(() => openStore({ folder }))).toBe('STORE_LOCKED');
  });

  it('does not open an existing store with new keys', () => {
    open().store.close();
    rmSync(join(folder, 'station.key'));
    expect(() => openStore({ folder })).toThrow('station.key is missing');
  });

  it('refuses an emptied store beside what an earlier one left, and deletes no page', async () => {
    const { store, blobs } = open();
    const { sha } = await blobs.put(Buffer.from('a page'), 'image/jpeg');
    store.close();
    const page = join(folder, 'pages', sha.slice(0, 2), sha);
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `store.db${end}`), { force: true });
    for (let time = 0; time < 2; time += 1) expect(codeOf(() => openStore({ folder }))).toBe('STORE_EMPTIED');
    // without the sign of an earlier start, as an earlier version left it
    rmSync(join(folder, 'begun'));
    expect(codeOf(() => openStore({ folder }))).toBe('STORE_EMPTIED');
    expect(existsSync(page)).toBe(true);
    rmSync(page);
    openStore({ folder }).store.close();
    rmSync(join(folder, 'store.db'));
    expect(codeOf(() => openStore({ folder }))).toBe('STORE_EMPTIED');
  });

  it('refuses what a newer program wrote', () => {
    open().store.close();
    tamper(`pragma user_version = ${migrations.length + 1}`);
    expect(codeOf(() => openStore({ folder }))).toBe('VERSION_UNSUPPORTED');
  });

  it('comes from every earlier version to the same tables', () => {
    const schemaOf = (from: number) => {
      const db = new SqliteDatabase(':memory:');
      migrate(db, from);
      expect(db.pragma('user_version', { simple: true })).toBe(from);
      migrate(db);
      const rows = db.prepare('select type, name, sql from sqlite_master order by name').all();
      db.close();
      return rows;
    };
    const fresh = schemaOf(0);
    for (let from = 1; from <= migrations.length; from++) expect(schemaOf(from)).toEqual(fresh);
  });
});

describe('records', () => {
  it('come back as they went in, newest first, to their own subject only', () => {
    const { store } = open();
    const older = makeRecord({ createdAt: '2026-01-01T00:00:00.000Z' });
    const newer = makeRecord({ role: 'agency' });
    const foreign = makeRecord({ subject: { name: '别家', creditCode: '91210100MA0000000B' } });
    for (const record of [newer, older, foreign]) store.insertRecord(record);
    const { creditCode } = older.subject;
    expect(reopen().store.listRecords({ creditCode })).toEqual([newer, older]);
    expect(opened[0]?.store.listRecords({ creditCode, role: 'agency' })).toEqual([newer]);
  });

  it('are encrypted on the disk', () => {
    const { store } = open();
    store.insertRecord(makeRecord({ answers: { idNumber: '210102199001011234' } }));
    store.close();
    for (const name of readdirSync(folder).filter((file) => file.startsWith('store.db')))
      expect(readFileSync(join(folder, name)).includes('210102199001011234')).toBe(false);
  });

  it('refuse an edit that saw an older revision, and show the present one', () => {
    const { store } = open();
    const record = makeRecord();
    store.insertRecord(record);
    const current = edited(record, { form: { phone: '1' } });
    store.updateRecord(current);
    expect(() => store.updateRecord(edited(record, { form: { phone: '2' } }))).toThrow(
      expect.objectContaining({ code: 'CONFLICT', details: { current } }),
    );
    expect(store.getRecord(record.id)).toEqual(current);
  });

  it('refuse illegal moves, a rewritten log and edits of what was submitted', () => {
    const { store } = open();
    const record = makeRecord();
    store.insertRecord(record);
    expect(codeOf(() => store.updateRecord(edited(record, { state: 'stored' })))).toBe('RECORD_NOT_EDITABLE');
    expect(codeOf(() => store.updateRecord(edited(record, { operations: [] })))).toContain('was changed');
    const submitted = edited(record, { state: 'submitted' });
    store.updateRecord(submitted);
    expect(codeOf(() => store.updateRecord(edited(submitted, { form: { a: 'b' } })))).toBe(
      'RECORD_NOT_EDITABLE',
    );
    expect(codeOf(() => store.deleteDraft(record.id))).toBe('RECORD_NOT_EDITABLE');
    expect(store.getRecord(record.id)).toEqual(submitted);
    expect(tamper(`update record set state = 'draft'`)).toBe('ILLEGAL_MOVE');
    expect(tamper(`update record set content_sha = ''`)).toBe('CONTENT_FROZEN');
    expect(tamper('delete from record_operation')).toBe('LOG_IS_APPENDED');
    expect(tamper('delete from record')).toBe('RECORD_STAYS');
  });

  it('hide deleted drafts, twice as well, and tell listeners', () => {
    const { store } = open();
    const events: StoreEvent[] = [];
    const stop = store.subscribe((event) => events.push(event));
    const record = makeRecord();
    store.insertRecord(record);
    store.deleteDraft(record.id);
    store.deleteDraft(record.id);
    stop();
    store.insertRecord(makeRecord({ subject: { name: '别家', creditCode: 'X' } }));
    expect(events.map((event) => event.type)).toEqual(['record', 'record-deleted']);
    expect(store.listRecords({ creditCode: record.subject.creditCode })).toEqual([]);
    expect(store.getRecord(record.id)).toBeUndefined();
  });

  it('need their pages to be stored first', () => {
    const { store } = open();
    const record = makeRecord({ materials: [makeMaterial([makePage('a'.repeat(64), 10)])] });
    expect(codeOf(() => store.insertRecord(record))).toBe('NOT_FOUND');
    expect(store.getRecord(record.id)).toBeUndefined();
  });
});

describe('pages', () => {
  it('come back bit by bit, stand once, and only encrypted', async () => {
    const { blobs } = open();
    const [first, again] = await Promise.all([
      blobs.put(page(7), 'image/jpeg'),
      blobs.put(page(7), 'image/jpeg'),
    ]);
    expect(again).toEqual(first);
    expect(Buffer.from(await blobs.get(first.sha))).toEqual(Buffer.from(page(7)));
    expect(blobs.stat(first.sha)).toEqual({ sha: first.sha, size: 2000, mime: 'image/jpeg' });
    const file = join(folder, 'pages', first.sha.slice(0, 2), first.sha);
    expect(readFileSync(file).includes(Buffer.from(page(7, 16)))).toBe(false);
    expect(readdirSync(join(folder, 'pages', 'tmp'))).toEqual([]);
  });

  it('are refused when a bit was flipped or another page stands in their place', async () => {
    const { blobs } = open();
    const one = await blobs.put(page(1), 'image/jpeg');
    const two = await blobs.put(page(2), 'image/jpeg');
    const pathOf = (sha: string) => join(folder, 'pages', sha.slice(0, 2), sha);
    const good = readFileSync(pathOf(one.sha));
    writeFileSync(pathOf(two.sha), good);
    const bad = Buffer.from(good);
    bad[100] = (bad[100] ?? 0) ^ 1;
    writeFileSync(pathOf(one.sha), bad);
    await expect(blobs.get(one.sha)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(blobs.get(two.sha)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('go at the next start when nothing names them, and stay when a record does', async () => {
    const { store, blobs } = open();
    const kept = await blobs.put(page(1), 'image/jpeg');
    const orphan = await blobs.put(page(2), 'image/jpeg');
    store.insertRecord(makeRecord({ materials: [makeMaterial([makePage(kept.sha, kept.size)])] }));
    expect(await blobs.delete(kept.sha)).toBe(false);
    writeFileSync(join(folder, 'pages', 'tmp', 'half'), 'x');
    const stray = join(folder, 'pages', orphan.sha.slice(0, 2), 'f'.repeat(64));
    writeFileSync(stray, 'x');
    const again = reopen().blobs;
    expect([again.has(kept.sha), again.has(orphan.sha)]).toEqual([true, false]);
    expect(existsSync(stray)).toBe(false);
    expect(existsSync(join(folder, 'pages', orphan.sha.slice(0, 2), orphan.sha))).toBe(false);
    expect(readdirSync(join(folder, 'pages', 'tmp'))).toEqual([]);
    await expect(again.get(kept.sha)).resolves.toHaveLength(2000);
  });

  it('are let go while running only after their time', async () => {
    const { blobs } = open();
    const fresh = await blobs.put(page(1), 'image/jpeg');
    expect(blobs.collect('2000-01-01T00:00:00.000Z')).toBe(0);
    expect(blobs.collect(new Date(Date.now() + 1000).toISOString())).toBe(1);
    expect(blobs.has(fresh.sha)).toBe(false);
  });
});
