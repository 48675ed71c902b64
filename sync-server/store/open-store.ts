import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, PostgresAdapter } from 'kysely';
import type { Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Pool } from 'pg';
import { AppError } from '#domain/errors/app-error.ts';
import { makePrivateFile, makePrivateFolder } from '#config/private-files.ts';
import { createDurableDialect, createFlush } from './durable-sqlite.ts';
import type { Flush } from './durable-sqlite.ts';
import { migrations } from './migrations/all.ts';
import { openPostgres } from './open-postgres.ts';
import { seedRecordMoves } from './seed-record-moves.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

const maxCloseMs = 5_000;

interface OpenDatabase {
  db: Db;
  pool?: Pool;
  flush: Flush;
  /** After the last use. */
  end?: () => Promise<void>;
}

export interface StoreOptions {
  /** Of this process alone, whichever the database. */
  folder: string;
  /** `postgres://…`; without it a SQLite file in the folder. */
  database?: string | undefined;
  /** Hears of connections that broke while nobody used them; the next query takes a new one. */
  onConnectionLost?: (error: Error) => void;
  /** Beside a server that runs: for commands of the administrator. Nothing is locked, nothing brought up to date. */
  beside?: boolean;
}

export interface OpenStore {
  db: Db;
  /** Of PostgreSQL. */
  pool?: Pool;
  /** After a loose transaction; does nothing where every commit is durable by itself. */
  flush: Flush;
  close: () => Promise<void>;
}

/**
 * Opens (and brings up to date) the store. Throws STORE_LOCKED when another process has the folder.
 * Close it once, after everything that uses it.
 */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const { folder, database, beside = false } = options;
  makePrivateFolder(folder);
  const lock = beside ? undefined : lockFolder(folder);
  try {
    const { db, pool, flush, end }: OpenDatabase =
      database === undefined
        ? openSqlite(folder)
        : { ...openPostgres({ ...options, database }), flush: () => Promise.resolve() };
    try {
      if (!beside) await bringUpToDate(db);
      if (pool) await refuseForgetfulPostgres(pool);
    } catch (error) {
      await db.destroy();
      throw error;
    }
    return {
      db,
      ...(pool ? { pool } : {}),
      flush,
      close: async () => {
        // a connection that was still being made when everything ended must not keep it from ending
        await Promise.race([db.destroy(), pause(maxCloseMs, undefined, { ref: false })]);
        await end?.();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** True for what PostgreSQL alone has: row locks that others skip. */
export const isPostgres = (db: Db | Trx): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/**
 * Every migration that is missing, and the moves of a record's life. Kysely holds an advisory lock meanwhile, so that of several
 * processes one does it.
 */
export async function bringUpToDate(db: Db, target?: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await (target === undefined ? migrator.migrateToLatest() : migrator.migrateTo(target));
  if (error) throw new Error('the store cannot be brought up to date', { cause: error });
  if (target === undefined) await seedRecordMoves(db);
}

function openSqlite(folder: string): OpenDatabase {
  makePrivateFile(join(folder, 'server.sqlite'));
  const sqlite = new Database(join(folder, 'server.sqlite'));
  // while it is opened another program may be leaving it
  sqlite.pragma('busy_timeout = 5000');
  sqlite.pragma('journal_mode = WAL');
  // an acknowledged row survives a power cut all the same: the dialect flushes the log after each commit
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma('foreign_keys = ON');
  // from here on the dialect waits for a lock, without stopping the process
  sqlite.pragma('busy_timeout = 0');
  const { flush, close } = createFlush(join(folder, 'server.sqlite-wal'));
  return { db: new Kysely<Tables>({ dialect: createDurableDialect(sqlite, flush) }), flush, end: close };
}

/** With asynchronous commits an acknowledged row would be lost in a power cut, and with it the truth of its receipt. */
async function refuseForgetfulPostgres(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ synchronous_commit: string }>('show synchronous_commit');
  if (rows[0]?.synchronous_commit === 'off')
    throw new Error('PostgreSQL 的 synchronous_commit 为 off，断电会丢失已回执的内容：请改为 on 后再启动');
}

/** A lock of the operating system, so it ends with the process however that dies. */
function lockFolder(folder: string): Database.Database {
  makePrivateFile(join(folder, 'server.lock'));
  const lock = new Database(join(folder, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new AppError('STORE_LOCKED', {}, { cause: error });
  }
}
