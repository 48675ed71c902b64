/**
 * What a deleted draft leaves on the disk itself, below the file system: an ext4 image, read block by block after it was let go.
 * Mounting needs root and a loop device; elsewhere the test says so and is skipped.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { ulid } from 'ulid';
import { afterAll, expect, test } from 'vitest';
import { edited, makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import { openStation } from '#tests/support/station.ts';
import { createEnvelope } from '../../scanner-agent/store/envelope.ts';
import { isKeyBlock, keyBlockBytes, unwrapKey } from '../../scanner-agent/store/own-keys.ts';

const place = mkdtempSync(join(tmpdir(), 'raw-disk-'));
const image = join(place, 'image');
const disk = join(place, 'disk');
const why = prepare();
const folder = join(disk, 'station');
afterAll(() => {
  spawnSync('umount', [disk]);
  rmSync(place, { recursive: true, force: true });
});

function prepare(): string {
  mkdirSync(disk);
  for (const [program = '', ...args] of [
    ['truncate', '-s', '64M', image],
    ['/usr/sbin/mkfs.ext4', '-q', '-F', '-b', '4096', image],
    ['mount', '-o', 'loop', image, disk],
  ]) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0)
      return ` (skipped: no ext4 image can be mounted here: ${stderr ?? String(error)})`.trim();
  }
  return '';
}

/** The disk as somebody reads it who took it out of the machine. */
function readDisk(): Buffer {
  for (const [program = '', ...args] of [['sync'], ['umount', disk]]) spawnSync(program, args);
  const bytes = readFileSync(image);
  spawnSync('mount', ['-o', 'loop', image, disk]);
  return bytes;
}

/** Names, of those asked for, whose keys stand in some block of the disk and open with the station's key. */
function keysOn(bytes: Buffer, storeKey: string, names: readonly string[]): string[] {
  const station = createEnvelope(Buffer.from(storeKey, 'base64'));
  const found = new Set<string>();
  for (let at = 0; at < bytes.length; at += keyBlockBytes) {
    const block = bytes.subarray(at, at + keyBlockBytes);
    if (!isKeyBlock(block)) continue;
    for (const name of names)
      try {
        unwrapKey(block, station, `key|${name}`);
        found.add(name);
      } catch {
        // another's
      }
  }
  return [...found].sort();
}

const run = why === '' ? test : test.skip;
run(`a deleted draft is on no block of the raw disk, nor is a draft that grew too old${why}`, async () => {
  const secret = `名称-${randomBytes(12).toString('hex')}`;
  let station = openStation(folder);
  const { storeKey } = JSON.parse(readFileSync(join(folder, 'station.key'), 'utf8')) as { storeKey: string };
  const names: Record<'kept' | 'deleted' | 'aged', string[]> = { kept: [], deleted: [], aged: [] };
  const ids: Record<string, string> = {};
  for (const which of ['kept', 'deleted', 'aged'] as const) {
    const pages = await Promise.all([1, 2].map(() => station.blobs.put(randomBytes(50_000), 'image/jpeg')));
    let record = makeRecord({
      form: { secret },
      materials: [makeMaterial(pages.map(({ sha, size }) => makePage(sha, size)))],
      updatedAt: which === 'aged' ? '2026-02-01T00:00:00.000Z' : new Date().toISOString(),
    });
    station.store.insertRecord(record);
    // many edits, so that older copies of the row lie about in the database and in its log
    for (let n = 0; n < 40; n += 1)
      station.store.updateRecord((record = edited(record, { form: { secret, n: String(n) } })));
    const batch = {
      ...{ id: ulid(), creditCode: record.subject.creditCode, revision: 0, arranged: false, complete: true },
      ...{ createdAt: record.createdAt, updatedAt: record.updatedAt, documents: [], refused: [] },
      pages: pages.map(({ sha, size }) => ({ id: ulid(), page: makePage(sha, size) })),
    };
    station.batches.put(batch);
    names[which] = [`record-${record.id}`, `stack-${batch.id}`, ...pages.map(({ sha }) => `blob|${sha}`)];
    ids[which] = record.id;
    ids[`${which}-stack`] = batch.id;
  }
  const all = [...names.kept, ...names.deleted, ...names.aged];
  station.store.close();
  // the eye that looks below sees them all while they are there
  expect(keysOn(readDisk(), storeKey, all)).toEqual([...all].sort());

  station = openStation(folder);
  station.store.deleteDraft(ids['deleted'] ?? '');
  station.batches.remove(ids['deleted-stack'] ?? '');
  station.store.close();
  expect(keysOn(readDisk(), storeKey, all)).toEqual([...names.kept, ...names.aged].sort());

  ageDrafts();
  station = openStation(folder);
  expect(station.store.deleteAgedDrafts('2026-02-02T00:00:00.000Z')).toBe(2);
  expect(station.store.getRecord(ids['kept'] ?? '')).toMatchObject({ form: { secret } });
  station.store.close();
  const bytes = readDisk();
  expect(keysOn(bytes, storeKey, all)).toEqual([...names.kept].sort());
  expect(bytes.includes(Buffer.from(secret, 'utf8'))).toBe(false);
});

/** The store of the test is new: its drafts would count from now. */
function ageDrafts(): void {
  const db = new SqliteDatabase(join(folder, 'store.db'));
  db.exec(`update draft_age set counted_from = '2026-01-01T00:00:00.000Z'`);
  db.close();
}
