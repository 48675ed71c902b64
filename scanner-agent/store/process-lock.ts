import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { AppError } from '#domain/errors/app-error.ts';
import { makePrivateFile } from '#config/private-files.ts';

/**
 * One process owns a store folder. The lock is SQLite's own lock on an empty database: the kernel lets it go when the
 * process dies in whatever way, so no stale lock is ever left. Throws STORE_LOCKED.
 */
export function lockFolder(folder: string): { release(): void } {
  makePrivateFile(join(folder, 'lock.db'));
  const db = new SqliteDatabase(join(folder, 'lock.db'), { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY')
      throw new AppError('STORE_LOCKED', {}, { cause: error });
    throw error;
  }
  return {
    release: () => {
      db.close();
    },
  };
}
