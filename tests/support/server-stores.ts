/** Where a test's server keeps things: SQLite and files, or what the project of vitest provides (province-stores.ts). */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { inject } from 'vitest';
import { openBlobs } from '../../sync-server/choose-stores.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { askPostgres } from './postgres.ts';
import type {} from './province-stores.ts';
import { s3Credentials } from './s3.ts';

/** Settings of the server in `dataFolder`; its database is made here the first time. */
export async function storeSettings(dataFolder: string): Promise<Partial<ServerSettingsInput>> {
  const admin = inject('postgres');
  if (admin === undefined) return {};
  const database = urlFor(admin, dataFolder);
  const name = new URL(database).pathname.slice(1);
  const known = await askPostgres(admin, 'select 1 from pg_database where datname = ?', [name]);
  if (known.length === 0) await askPostgres(admin, `create database ${name}`);
  return { database, ...blobSettings(dataFolder) };
}

function blobSettings(dataFolder: string): Pick<ServerSettingsInput, 'blobs' | 's3Credentials'> {
  const s3 = inject('s3');
  if (s3 === undefined) return {};
  const blobs = new URL(s3);
  blobs.pathname = `/${nameFor(dataFolder)}`;
  return { blobs: blobs.href, s3Credentials };
}

/** The blob as the store holds it. */
export async function readStoredBlob(dataFolder: string, sha: string): Promise<Uint8Array> {
  const settings = serverSettingsSchema.parse({ dataFolder, ...blobSettings(dataFolder) });
  const { blobs, close } = openBlobs(settings);
  try {
    return await blobs.read(sha);
  } finally {
    close();
  }
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
  url.pathname = `/${nameFor(dataFolder)}`;
  return url.href;
}

const nameFor = (dataFolder: string): string => `t${hash('sha256', dataFolder).slice(0, 24)}`;
