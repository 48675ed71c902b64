/** A backup holds the server's private key and every paper: who may open it, and what happens to one that was tampered with. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readStoredBlob, storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { connectStation, enrol, makeDataFolder, makeIdentity, makeSubmission } from './server-support.ts';
import { startTestServer, testSettings } from './server-support.ts';
import type { TestItem } from './server-support.ts';

const undo: (() => Promise<void> | void)[] = [];
let old = '';
let keyFile = '';
let recipient = '';
let encrypted = '';
let item: TestItem;

function folder(): string {
  const data = makeDataFolder();
  undo.push(() => data.remove());
  return data.folder;
}
const run = async (dataFolder: string, ...args: string[]): Promise<string> =>
  administer(serverSettingsSchema.parse(testSettings(dataFolder, await storeSettings(dataFolder))), args);
const modeOf = (path: string): number => statSync(path).mode & 0o777;

beforeAll(async () => {
  const umask = process.umask(0o022);
  undo.push(() => void process.umask(umask));
  old = folder();
  const server = await startTestServer(old);
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  // several of age's pieces of 64 KiB, so that a cut can fall between two of them
  item = makeSubmission(identity.stationId, 1, { blobs: 2, blobBytes: 200_000 });
  await station.upload(item);
  await station.commit(item.commit);
  station.close();
  await server.close();
  keyFile = join(folder(), 'backup.key');
  recipient = /age1[0-9a-z]+/.exec(await run(old, 'backup-key', keyFile))?.[0] ?? '';
  encrypted = join(folder(), 'encrypted.ludeng');
  expect(await run(old, 'backup', encrypted, '--recipient', recipient)).toContain('已加密');
});
afterAll(async () => {
  for (const last of undo.splice(0).toReversed()) await last();
});

it('is refused without a public key, unless it is wanted in the open, which is said', async () => {
  const file = join(folder(), 'backup.ludeng');
  await expect(run(old, 'backup', file)).rejects.toThrow(/须用公钥加密.*--plain/);
  expect(existsSync(file)).toBe(false);
  expect(await run(old, 'backup', file, '--plain')).toContain('没有加密');
  expect(modeOf(file)).toBe(0o600);
  await expect(run(old, 'backup', `${file}2`, '--recipient', 'age1nonsense')).rejects.toThrow('不是备份公钥');
  await expect(
    run(old, 'backup', `${file}2`, '--recipient', /AGE-\S+/.exec(readFileSync(keyFile, 'utf8'))?.[0] ?? ''),
  ).rejects.toThrow('私钥');
  expect(existsSync(`${file}2`)).toBe(false);
});

it('shows neither the key, a row nor a page, and leaves nothing in the open beside it', async () => {
  const bytes = readFileSync(encrypted);
  const page = [...item.bytes.values()][0] ?? new Uint8Array();
  expect(bytes.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
  for (const secret of ['PRIVATE KEY', 'SQLite format 3', 'server-seq', Buffer.from(page.subarray(0, 32))])
    expect(bytes.includes(secret)).toBe(false);
  expect([encrypted, keyFile].map(modeOf)).toEqual([0o600, 0o600]);
  expect(readdirSync(old).filter((name) => name.startsWith('backing-up'))).toEqual([]);
});

it('comes back whole with its private key, also where the file holds another before it', async () => {
  const fresh = folder();
  const both = join(folder(), 'both.key');
  const other = join(folder(), 'other.key');
  await run(old, 'backup-key', other);
  writeFileSync(both, readFileSync(other, 'utf8') + readFileSync(keyFile, 'utf8'));
  expect(await run(fresh, 'restore', encrypted, '--key', both)).toContain('已恢复 1 项、2 个文件');
  for (const [sha, bytes] of item.bytes)
    expect(Buffer.from(await readStoredBlob(fresh, sha)).equals(bytes)).toBe(true);
  expect(readFileSync(join(fresh, 'server-key.pem'))).toEqual(readFileSync(join(old, 'server-key.pem')));
});

it.skipIf(!existsSync('/usr/bin/age'))('is opened by the program age too', () => {
  const plain = execFileSync('/usr/bin/age', ['-d', '-i', keyFile, encrypted], { maxBuffer: 64 << 20 });
  expect(plain.subarray(0, 16).toString()).toBe('ludeng-backup/2\n');
});

it('says that a key is wanted, that it is the wrong one, or that it is no key', async () => {
  const fresh = folder();
  await expect(run(fresh, 'restore', encrypted)).rejects.toThrow('请用 --key');
  const other = join(folder(), 'other.key');
  await run(old, 'backup-key', other);
  await expect(run(fresh, 'restore', encrypted, '--key', other)).rejects.toThrow('所给的私钥打不开');
  await expect(run(fresh, 'restore', encrypted, '--key', `${other}.gone`)).rejects.toThrow(
    '没有找到私钥文件',
  );
  await expect(run(fresh, 'restore', encrypted, '--key', join(old, 'server-key.pem'))).rejects.toThrow(
    '不是备份私钥文件',
  );
  expect(existsSync(join(fresh, 'server-key.pem'))).toBe(false);
});

/** Both forms, cut and flipped where it hurts: in the beginning, between pieces, in a page, one byte before the end. */
it.each(['encrypted', 'plain'] as const)(
  'refuses one that is cut or has a byte flipped, with a sentence, and keeps the database empty (%s)',
  async (form) => {
    const source = join(folder(), 'source.ludeng');
    if (form === 'plain') await run(old, 'backup', source, '--plain');
    else copyFileSync(encrypted, source);
    const bytes = readFileSync(source);
    const fresh = folder();
    const damaged = join(folder(), 'damaged.ludeng');
    const refusal = /不完整或被改动过|所给的私钥打不开|不是绿灯站的备份文件/;
    const places = [3, 120, 700, 65_536 + 216, Math.floor(bytes.length / 2), bytes.length - 2];
    for (const at of places) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      for (const content of [flipped, bytes.subarray(0, at)]) {
        writeFileSync(damaged, content);
        await expect(run(fresh, 'restore', damaged, '--key', keyFile), `at ${at}`).rejects.toThrow(refusal);
      }
    }
    writeFileSync(damaged, Buffer.concat([bytes, Buffer.from('x')]));
    await expect(run(fresh, 'restore', damaged, '--key', keyFile)).rejects.toThrow(refusal);
    expect(existsSync(join(fresh, 'server-key.pem'))).toBe(false);
    expect(readdirSync(fresh).filter((name) => name.startsWith('restoring'))).toEqual([]);
    // nothing of all that is in the way of the real one
    expect(await run(fresh, 'restore', source, '--key', keyFile)).toContain('已恢复 1 项');
  },
);

it.skipIf(inject('postgres') !== undefined)(
  'takes a backup of the form before, one SQLite file',
  async () => {
    const source = join(folder(), 'before.ludeng');
    copyFileSync(join(old, 'server.sqlite'), source);
    const db = new Database(source);
    db.exec(`create table backup_fact (name text primary key, value text not null);
    create table backup_blob (sha text primary key, bytes blob not null);`);
    const fact = db.prepare('insert into backup_fact values (?, ?)');
    fact.run('at', '2026-11-21T00:00:00.000Z');
    fact.run('serverKey', readFileSync(join(old, 'server-key.pem'), 'utf8'));
    fact.run('blobs', 'all');
    for (const [sha, bytes] of item.bytes)
      db.prepare('insert into backup_blob values (?, ?)').run(sha, bytes);
    db.close();
    expect(await run(folder(), 'restore', source)).toContain('已恢复 1 项、2 个文件');
  },
);
