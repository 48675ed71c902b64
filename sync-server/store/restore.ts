import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { sql } from 'kysely';
import { makePrivateFile } from '#config/private-files.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import { DamagedBackup, formOfBackup, readBackupFile, WrongBackupKey } from './backup-file.ts';
import type { BackupFacts } from './backup-file.ts';
import { openFile, sha256, tablesInOrder } from './backup.ts';
import type { BackupDb } from './backup.ts';
import { bringUpToDate } from './open-store.ts';
import type { Db, Trx } from './open-store.ts';
import { skipNumbers } from './skip-numbers.ts';

export interface RestoreOptions {
  file: string;
  /** Empty, of the present version. */
  db: Db;
  blobs: Pick<BlobStore, 'has' | 'put'>;
  /** Private keys (`AGE-SECRET-KEY-…`) for an encrypted backup. */
  identities: readonly string[];
  /** Where the rows may lie while they are brought up to date. */
  workFile: string;
  /** Throws where this installation has another key already. */
  checkKey: (pem: string) => void;
  /** Keeps the key that stations know the server by. Throws as `checkKey`. */
  keepKey: (pem: string) => void;
  /**
   * The old server was stopped before the backup was made and never ran again: numbers and cursors go on. Otherwise things
   * may have been given out since that the backup does not know: numbers skip ahead and stations start their feed anew.
   */
  isComplete: boolean;
  /** Numbers that the installation of this private key is known to have given out, by counter. */
  given: (keyPem: string) => Readonly<Record<string, number>>;
  makeId: () => string;
}

const rowsAtOnce = 100;

/**
 * Puts a backup into an empty store: first the blobs, then all rows in one transaction. Nothing of a file that is cut, changed
 * or encrypted to another key gets into the database.
 */
export async function restoreBackup(options: RestoreOptions): Promise<{ items: number; blobs: number }> {
  const { file, db, blobs, workFile, keepKey, isComplete, given, makeId } = options;
  if (!existsSync(file)) throw new Error(`没有找到备份文件 ${file}`);
  await refuseFilled(db);
  let backup: BackupDb | undefined;
  try {
    const { facts, copied } = await unpack(options);
    backup = openRows(workFile, file);
    await refuseDamaged(backup, file);
    // an older version's backup takes the same steps as an older version's store
    await bringUpToDate(backup);
    const rows = backup;
    if (facts.blobs === 'none') await refuseMissing(rows, blobs);
    keepKey(facts.serverKey);
    await db.transaction().execute(async (trx) => {
      // a fresh store's own name and the like give way
      await trx.deleteFrom('fact').execute();
      for (const table of tablesInOrder) await copyTable(rows, trx, table);
      await trx
        .updateTable('job')
        .set({ state: 'ready', lease_owner: null, lease_until_ms: 0 })
        .where('state', '=', 'leased')
        .execute();
      await trx.updateTable('station').set({ online_until_ms: 0, blob_token_sha: null }).execute();
      if (isComplete) await refuseOlder(trx, given(facts.serverKey));
      else await skipNumbers(trx, { epoch: makeId(), given: given(facts.serverKey) });
    });
    const { items } = await db
      .selectFrom('item')
      .select((eb) => eb.fn.countAll().as('items'))
      .executeTakeFirstOrThrow();
    return { items: Number(items), blobs: copied };
  } finally {
    await backup?.destroy();
    rmSync(workFile, { force: true });
  }
}

const noBackup = (file: string): string => `${file} 不是绿灯站的备份文件，或已损坏`;
const notWhole = (file: string): string =>
  `${file} 不完整或被改动过，没有恢复：请换一份备份，或重新取得这个文件后再试`;

/** Blobs into their store, rows into the work file. Throws with a sentence for people. */
async function unpack(options: RestoreOptions): Promise<{ facts: BackupFacts; copied: number }> {
  const { file, identities, workFile, blobs, checkKey } = options;
  const form = formOfBackup(file);
  if (form === 'unknown') throw new Error(noBackup(file));
  if (form === 'sqlite') return unpackSqlite(options);
  if (form === 'encrypted' && identities.length === 0)
    throw new Error(`${file} 是加密的备份：请用 --key 指出能打开它的私钥文件`);
  let found: BackupFacts | undefined;
  let copied = 0;
  try {
    await readBackupFile(file, {
      identities,
      rowsFile: workFile,
      take: {
        facts: (facts) => {
          checkKey(facts.serverKey);
          found = facts;
        },
        blob: async (sha, bytes) => {
          if (await blobs.has(sha)) return;
          await blobs.put(sha, bytes);
          copied += 1;
        },
      },
    });
  } catch (error) {
    if (error instanceof WrongBackupKey)
      throw new Error(`所给的私钥打不开 ${file}：它不是为这把钥匙加密的，或文件开头已损坏`, { cause: error });
    if (error instanceof DamagedBackup) throw new Error(notWhole(file), { cause: error });
    throw error;
  }
  if (!found) throw new Error(notWhole(file));
  return { facts: found, copied };
}

/** A backup of an earlier version. */
async function unpackSqlite(options: RestoreOptions): Promise<{ facts: BackupFacts; copied: number }> {
  const { file, workFile, blobs, checkKey } = options;
  makePrivateFile(workFile);
  copyFileSync(file, workFile);
  const backup = openRows(workFile, file);
  try {
    await refuseDamaged(backup, file);
    const facts = await readFacts(backup, file);
    checkKey(facts.serverKey);
    return { facts, copied: await restoreBlobs(backup, blobs) };
  } finally {
    await backup.destroy();
  }
}

function openRows(copy: string, file: string): BackupDb {
  try {
    return openFile(copy);
  } catch (error) {
    throw new Error(noBackup(file), { cause: error });
  }
}

async function refuseDamaged(backup: BackupDb, file: string): Promise<void> {
  try {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(backup);
    if (rows[0]?.integrity_check !== 'ok') throw new Error('integrity_check');
  } catch (error) {
    throw new Error(noBackup(file), { cause: error });
  }
}

async function readFacts(backup: BackupDb, file: string): Promise<BackupFacts> {
  let facts: Map<string, string>;
  try {
    const found = await backup.selectFrom('backup_fact').selectAll().execute();
    facts = new Map(found.map(({ name, value }) => [name, value]));
  } catch (error) {
    throw new Error(noBackup(file), { cause: error });
  }
  const [at = '', serverKey, blobs] = [facts.get('at'), facts.get('serverKey'), facts.get('blobs')];
  if (serverKey === undefined || blobs === undefined) throw new Error(`${file} 不完整`);
  return { at, serverKey, blobs: blobs === 'none' ? 'none' : 'all' };
}

/** A server ran on after such a backup: it is no complete one. */
async function refuseOlder(trx: Trx, given: Readonly<Record<string, number>>): Promise<void> {
  const rows = await trx.selectFrom('counter').selectAll().execute();
  const values = new Map(rows.map(({ name, value }) => [name, Number(value)]));
  if (Object.entries(given).some(([name, value]) => (values.get(name) ?? 0) < value))
    throw new Error('备份之后旧服务器又发出过编号，不能按 --complete 恢复：请去掉 --complete 再恢复');
}

async function refuseFilled(db: Db): Promise<void> {
  for (const table of ['station', 'item', 'account'] as const) {
    const row = await db.selectFrom(table).select('id').limit(1).executeTakeFirst();
    if (row) throw new Error('目标数据库中已有数据：只能恢复到空的数据库，请换一个新的');
  }
}

async function restoreBlobs(backup: BackupDb, blobs: RestoreOptions['blobs']): Promise<number> {
  let copied = 0;
  for (const { sha } of await backup.selectFrom('backup_blob').select('sha').execute()) {
    if (await blobs.has(sha)) continue;
    const { bytes } = await backup
      .selectFrom('backup_blob')
      .select('bytes')
      .where('sha', '=', sha)
      .executeTakeFirstOrThrow();
    if (sha256(bytes) !== sha) throw new Error(`备份中的文件 ${sha} 已损坏`);
    await blobs.put(sha, bytes);
    copied += 1;
  }
  return copied;
}

/** A backup of rows alone goes with the blob store it was made beside. */
async function refuseMissing(backup: BackupDb, blobs: RestoreOptions['blobs']): Promise<void> {
  for (const { sha } of await backup.selectFrom('blob').select('sha').execute()) {
    if (!(await blobs.has(sha))) throw new Error(`备份不含文件，而文件库中没有 ${sha}：请指向原来的文件库`);
  }
}

async function copyTable(backup: BackupDb, trx: Trx, table: (typeof tablesInOrder)[number]): Promise<void> {
  let last = 0;
  for (;;) {
    const { rows } = await sql<{ row_number: number }>`
      select rowid as row_number, * from ${sql.table(table)}
      where rowid > ${last} order by rowid limit ${sql.lit(rowsAtOnce)}`.execute(backup);
    if (rows.length === 0) return;
    last = rows.at(-1)?.row_number ?? last;
    // rows of a table go into the same table
    await trx
      .insertInto(table)
      .values(rows.map(({ row_number: _rowNumber, ...row }) => row))
      .execute();
  }
}
