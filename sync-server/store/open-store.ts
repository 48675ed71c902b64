import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { AppError } from '#domain/errors/app-error.ts';
import type { Tables } from './tables.ts';
import * as first from './migrations/0001-first.ts';

export type Db = Kysely<Tables>;
export type Trx = Transaction<Tables>;

const migrations = { '0001-first': first };

export interface OpenStore {
  db: Db;
  close: () => Promise<void>;
}

/**
 * Opens (and brings up to date) the SQLite store in `folder`, for this process alone.
 * Throws STORE_LOCKED when another process has it. Close it once, after everything that uses it.
 */
export async function openStore(folder: string): Promise<OpenStore> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  const sqlite = new Database(join(folder, 'server.sqlite'));
  try {
    // FULL: an acknowledged row survives a power cut; NORMAL in WAL mode does not promise that
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('busy_timeout = 5000');
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(migrations) },
    }).migrateToLatest();
    if (error) throw new Error('the store cannot be brought up to date', { cause: error });
    return {
      db,
      close: async () => {
        await db.destroy();
        lock.close();
      },
    };
  } catch (error) {
    sqlite.close();
    lock.close();
    throw error;
  }
}

/** A lock of the operating system, so it ends with the process however that dies. */
function lockFolder(folder: string): Database.Database {
  const lock = new Database(join(folder, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new AppError('STORE_LOCKED', {}, { cause: error });
  }
}
