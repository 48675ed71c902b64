/** Where a test's server keeps things: SQLite and files, or what the project of vitest provides (province-stores.ts). */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inject } from 'vitest';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { askPostgres } from './postgres.ts';
import './province-stores.ts';

/** Settings of the server in `dataFolder`; its database is made here the first time. */
export async function storeSettings(dataFolder: string): Promise<Partial<ServerSettingsInput>> {
  const admin = inject('postgres');
  if (admin === undefined) return {};
  const database = urlFor(admin, dataFolder);
  const name = new URL(database).pathname.slice(1);
  const known = await askPostgres(admin, 'select 1 from pg_database where datname = ?', [name]);
  if (known.length === 0) await askPostgres(admin, `create database ${name}`);
  return { database };
}

/** Looks into the database beside the running server. */
export async function queryStore<T>(dataFolder: string, sql: string, ...values: unknown[]): Promise<T[]> {
  const admin = inject('postgres');
  // the caller names the columns and what they hold
  if (admin !== undefined) return (await askPostgres(urlFor(admin, dataFolder), sql, values)) as T[];
  const db = new Database(join(dataFolder, 'server.sqlite'), { readonly: true });
  try {
    return db.prepare(sql).all(...values) as T[];
  } finally {
    db.close();
  }
}

/** One database for each folder. */
function urlFor(admin: string, dataFolder: string): string {
  const url = new URL(admin);
  url.pathname = `/t${createHash('sha256').update(dataFolder).digest('hex').slice(0, 24)}`;
  return url.href;
}
