/** What belongs together: a row for each submission, as durable as a receipt has to be, over `POST /rows`. */
import { mkdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import SqliteDatabase from 'better-sqlite3';

/** Answers whether the request was one for a row. */
export function createRowRoute(folder: string): (asked: IncomingMessage, answer: ServerResponse) => boolean {
  mkdirSync(folder, { recursive: true });
  const db = new SqliteDatabase(join(folder, 'rows.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table if not exists submission (id text primary key, body text not null) strict');
  const insert = db.prepare('insert into submission values (?, ?) on conflict do nothing');
  return (asked, answer) => {
    if (asked.method !== 'POST' || !asked.url?.startsWith('/rows/')) return false;
    text(asked).then(
      (body) => {
        insert.run(asked.url, body);
        answer.writeHead(201).end();
      },
      () => asked.destroy(),
    );
    return true;
  };
}
