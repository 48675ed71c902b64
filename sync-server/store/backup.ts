/**
 * A backup is one SQLite file with the store's own tables, whichever database they came from, so that it can be restored into
 * either; beside them `backup_fact` (when, the server's key) and `backup_blob` (what the rows name by hash).
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { BlobStore } from '../ports/blob-store.ts';
import { bringUpToDate, isPostgres } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';
import { migrations } from './migrations/all.ts';
import type { Tables } from './tables.ts';

/** Those that others refer to stand first. */
export const tablesInOrder = [
  'fact',
  'counter',
  'station',
  'station_health',
  'station_setting',
  'enrolment_code',
  'item',
  'blob',
  'item_blob',
  'upload',
  'feed_head',
  'change',
  'record',
  'material',
  'digital_certificate',
  'case_file',
  'case_decision',
  'light_overrule',
  'operation',
  'job',
  'alarm',
  'effect',
  'account',
  'desk_session',
  'catalogue',
] as const satisfies readonly (keyof Tables)[];

/** A table that is not in the list does not compile. */
type Forgotten = Exclude<keyof Tables, (typeof tablesInOrder)[number]>;
const nothingForgotten: [Forgotten] extends [never] ? true : Forgotten = true;

export interface BackupTables extends Tables {
  backup_fact: { name: string; value: string };
  backup_blob: { sha: string; bytes: Uint8Array };
}
export type BackupDb = Kysely<BackupTables>;

const rowsAtOnce = 200;

/**
 * Writes `file`, which must not exist. The rows are those of one moment, however busy the server is; blobs never change once
 * a row names them. `blobs` undefined: rows only. Answers how much it holds.
 */
export async function writeBackup(options: {
  db: Db;
  blobs: Pick<BlobStore, 'read'> | undefined;
  serverKeyPem: string;
  file: string;
  at: string;
}): Promise<{ items: number; blobs: number }> {
  const { db, blobs, serverKeyPem, file, at } = options;
  if (existsSync(file)) throw new Error(`${file} 已存在，请换一个文件名`);
  if (!nothingForgotten) throw new Error('a table is missing in the list');
  await refuseOtherShape(db);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  const backup = openFile(part);
  try {
    await bringUpToDate(backup);
    await sql`create table backup_fact (name text primary key, value text not null)`.execute(backup);
    await sql`create table backup_blob (sha text primary key, bytes blob not null)`.execute(backup);
    await copyRows(db, backup);
    let copied = 0;
    if (blobs) {
      for (const { sha } of await backup.selectFrom('blob').select('sha').execute()) {
        const bytes = await blobs.read(sha);
        if (sha256(bytes) !== sha) throw new Error(`文件 ${sha} 的内容已损坏，备份中止`);
        await backup.insertInto('backup_blob').values({ sha, bytes }).execute();
        copied += 1;
      }
    }
    const facts = { at, serverKey: serverKeyPem, blobs: blobs ? 'all' : 'none' };
    await backup
      .insertInto('backup_fact')
      .values(Object.entries(facts).map(([name, value]) => ({ name, value })))
      .execute();
    const { items } = await backup
      .selectFrom('item')
      .select((eb) => eb.fn.countAll<number>().as('items'))
      .executeTakeFirstOrThrow();
    await backup.destroy();
    sync(part);
    renameSync(part, file);
    sync(dirname(file));
    return { items, blobs: copied };
  } catch (error) {
    await backup.destroy();
    rmSync(part, { force: true });
    throw error;
  }
}

/** A backup file, or a copy of one of an earlier version. */
export function openFile(file: string): BackupDb {
  const sqlite = new Database(file);
  sqlite.pragma('journal_mode = DELETE');
  sqlite.pragma('synchronous = OFF');
  return new Kysely<BackupTables>({ dialect: new SqliteDialect({ database: sqlite }) });
}

/** The store must have the shape this program knows: a table more would be left out without a word. */
async function refuseOtherShape(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  if (JSON.stringify(rows.map(({ name }) => name)) !== JSON.stringify(Object.keys(migrations)))
    throw new Error('数据库版本与本程序不一致，请先用本版本启动一次服务器，再备份');
}

async function copyRows(db: Db, backup: BackupDb): Promise<void> {
  const begin = isPostgres(db) ? db.transaction().setIsolationLevel('repeatable read') : db.transaction();
  await begin.execute(async (trx) => {
    for (const table of tablesInOrder) {
      for await (const rows of readRows(trx, table)) {
        // rows of a table go into the same table
        await backup.insertInto(table).values(rows).execute();
      }
    }
  });
}

/** A table's rows in pieces; the transaction makes them one moment's. */
async function* readRows(trx: Trx, table: keyof Tables): AsyncGenerator<object[]> {
  if (isPostgres(trx)) {
    await sql`declare ${sql.id(`all_${table}`)} cursor for select * from ${sql.table(table)}`.execute(trx);
    for (;;) {
      const { rows } = await sql<object>`fetch ${sql.lit(rowsAtOnce)} from ${sql.id(`all_${table}`)}`.execute(
        trx,
      );
      if (rows.length === 0) return;
      yield rows;
    }
  }
  let last = 0;
  for (;;) {
    const { rows } = await sql<{ row_number: number }>`
      select rowid as row_number, * from ${sql.table(table)}
      where rowid > ${last} order by rowid limit ${sql.lit(rowsAtOnce)}`.execute(trx);
    if (rows.length === 0) return;
    last = rows.at(-1)?.row_number ?? last;
    yield rows.map(({ row_number: _rowNumber, ...row }) => row);
  }
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
