/**
 * A backup holds the store's own tables as an SQLite file, whichever database they came from, so that it can be restored into
 * either; with them when it was made, the server's key and what the rows name by hash (backup-file.ts).
 */
import { hash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { makePrivateFile } from '#config/private-files.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { draftBodySchema } from '../ports/registration-rows.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import { writeBackupFile } from './backup-file.ts';
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
  'tally',
  'single_use',
  'item',
  'blob',
  'item_blob',
  'blob_proof',
  'upload',
  'feed_head',
  'change',
  'subscription',
  'record',
  'returned_version',
  'material',
  'credential',
  'case_file',
  'case_party',
  'case_decision',
  'light_overrule',
  'log_line',
  'log_head',
  'log_signature',
  'job',
  'alarm',
  'effect',
  'person',
  'organisation',
  'account',
  'unit_key',
  'registrant',
  'former_login_name',
  'account_certificate',
  'key_application',
  'identity',
  'session',
  'login_ticket',
  'sms_code',
  'consent',
  'real_name_check',
  'face_request',
  'registered_person',
  'registered_work',
  'work_unit',
  'work_change',
  'work_push',
  'qualification',
  'qualification_answer',
  'registered_unit',
  'appointment',
  'lock_release',
  'person_lock',
  'register_entry',
  'notice',
  'registration',
  'key_entry',
  'institution',
  'removed_row',
  'record_draft',
  'register_answer',
  'name_application',
  'catalogue',
] as const satisfies readonly (keyof Tables)[];

/** A table that is not in the list does not compile. */
type Forgotten = Exclude<keyof Tables, (typeof tablesInOrder)[number]>;
const nothingForgotten: [Forgotten] extends [never] ? true : Forgotten = true;

/** Backups of earlier versions were one SQLite file, with these beside the store's tables. */
export interface BackupTables extends Tables {
  backup_fact: { name: string; value: string };
  backup_blob: { sha: string; bytes: Uint8Array };
}
export type BackupDb = Kysely<BackupTables>;

const rowsAtOnce = 200;

export interface BackupOptions {
  db: Db;
  /** Undefined: rows only. */
  blobs: Pick<BlobStore, 'read'> | undefined;
  serverKeyPem: string;
  /** Must not exist. */
  file: string;
  /** Public keys (`age1…`) that it is encrypted to; empty: it lies in the open. */
  recipients: readonly string[];
  /** Of this installation alone: the rows lie there until they are in the file. */
  workFolder: string;
  at: string;
}

/**
 * Writes `file`. The rows are those of one moment, however busy the server is; blobs never change once a row names them.
 * Answers how much it holds.
 */
export async function writeBackup(options: BackupOptions): Promise<{ items: number; blobs: number }> {
  const { db, blobs, serverKeyPem, file, recipients, workFolder, at } = options;
  if (existsSync(file)) throw new Error(`${file} 已存在，请换一个文件名`);
  if (!nothingForgotten) throw new Error('a table is missing in the list');
  await refuseOtherShape(db);
  dropLeftRows(workFolder);
  const rows = join(workFolder, `${rowsName}${process.pid}.sqlite`);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  makePrivateFile(rows);
  const backup = openFile(rows);
  try {
    await bringUpToDate(backup);
    await copyRows(db, backup);
    const { items } = await backup
      .selectFrom('item')
      .select((eb) => eb.fn.countAll<number>().as('items'))
      .executeTakeFirstOrThrow();
    const shas = blobs ? await backup.selectFrom('blob').select('sha').execute() : [];
    const drafts = blobs ? await picturesOfDrafts(backup) : [];
    await backup.destroy();
    const facts = { at, serverKey: serverKeyPem, blobs: blobs ? ('all' as const) : ('none' as const) };
    const files = readAll(blobs, [...shas, ...drafts]);
    await writeBackupFile(part, { facts, rows, blobs: files }, recipients);
    renameSync(part, file);
    syncFolder(dirname(file));
    return { items, blobs: shas.length };
  } finally {
    await backup.destroy();
    rmSync(part, { force: true });
    rmSync(rows, { force: true });
  }
}

/** Of registrations that are being filled in: no row of `blob` names them, since they go with their draft. */
async function picturesOfDrafts(backup: Db): Promise<{ sha: string; mayBeGone: true }[]> {
  const drafts = await backup.selectFrom('registration').select('body').execute();
  return drafts.flatMap(({ body }) =>
    draftBodySchema
      .parse(JSON.parse(body))
      .files.map(({ blob }) => ({ sha: blob, mayBeGone: true as const })),
  );
}

async function* readAll(
  blobs: Pick<BlobStore, 'read'> | undefined,
  wanted: readonly { sha: string; mayBeGone?: true }[],
): AsyncGenerator<{ sha: string; bytes: Uint8Array }> {
  if (!blobs) return;
  for (const { sha, mayBeGone } of wanted) {
    const bytes = await blobs.read(sha).catch((error: unknown) => {
      // dropped while the backup was made
      if (mayBeGone && error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    });
    if (!bytes) continue;
    if (sha256(bytes) !== sha) throw new Error(`文件 ${sha} 的内容已损坏，备份中止`);
    yield { sha, bytes };
  }
}

const rowsName = 'backing-up-';

/** What a backup that was killed left: all rows in the open. */
function dropLeftRows(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(rowsName) ? Number.parseInt(name.slice(rowsName.length), 10) : undefined;
    if (pid !== undefined && !isAlive(pid)) rmSync(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The rows of a backup, or a copy of one of an earlier version. */
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
  const reading = db.transaction().setAccessMode('read only');
  const begin = isPostgres(db) ? reading.setIsolationLevel('repeatable read') : reading;
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

export const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes);

function syncFolder(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
