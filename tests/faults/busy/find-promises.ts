/** Looks in a server's data folder (SQLite and files; the server may run) for what a busy station was promised. */
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Promised } from './promised.ts';

export interface Findings {
  /** Submissions that the station promised to keep, and those whose receipt it told. */
  queued: number;
  received: number;
  /** How many different pages were looked for. */
  pages: number;
  lost: string[];
  doubled: string[];
  corrupt: string[];
}

export function readServer(dataFolder: string, sql: string): Record<string, unknown>[] {
  const db = new Database(join(dataFolder, 'server.sqlite'), { readonly: true });
  try {
    return db.prepare<[], Record<string, unknown>>(sql).all();
  } finally {
    db.close();
  }
}

/** `all`: also what was queued and has no receipt yet must have arrived, as after a drain. */
export function findPromises(dataFolder: string, lines: readonly Promised[], all: boolean): Findings {
  const effects = new Map<string, number>();
  for (const row of readServer(dataFolder, 'select kind, ref_id from effect')) {
    const key = `${String(row['kind'])} ${String(row['ref_id'])}`;
    effects.set(key, (effects.get(key) ?? 0) + 1);
  }
  const signatures = new Map(
    readServer(dataFolder, 'select id, signature from item').map((row) => [
      String(row['id']),
      String(row['signature']),
    ]),
  );
  const queued = lines.filter((line) => line.type === 'queued');
  const received = lines.filter((line) => line.type === 'received');
  const told = new Set(received.map(({ itemId }) => itemId));
  const due = queued.filter(({ itemId }) => all || told.has(itemId));
  const pages = [...new Set(due.flatMap((line) => line.pages))];
  return {
    queued: queued.length,
    received: told.size,
    pages: pages.length,
    lost: [
      ...due.filter(({ itemId }) => !effects.has(`item-received ${itemId}`)).map(({ itemId }) => itemId),
      // a receipt that turned out untrue
      ...received
        .filter(({ itemId, signature }) => signatures.get(itemId) !== signature)
        .map(({ itemId }) => `receipt ${itemId}`),
    ],
    doubled: [...effects].filter(([, times]) => times > 1).map(([key, times]) => `${key} ${times} times`),
    corrupt: pages.filter((sha) => !isIntact(join(dataFolder, 'blobs', sha.slice(0, 2), sha), sha)),
  };
}

function isIntact(path: string, sha: string): boolean {
  return existsSync(path) && hash('sha256', readFileSync(path)) === sha;
}
