import type { Database } from 'better-sqlite3';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import type { StoreContext } from './context.ts';

/** One every half hour: those of about two months. */
const maxHeads = 3_000;

/** The last signed heads of the server's log. */
export function createLogHeads({ db, write }: Pick<StoreContext, 'db' | 'write'>) {
  const insert = db.prepare<[number, string, string, string]>(
    'insert into log_head (number, sha, at, signature) values (?, ?, ?, ?) on conflict do nothing',
  );
  const dropOldest = db.prepare<[number]>(
    'delete from log_head where rowid in (select rowid from log_head order by rowid desc limit -1 offset ?)',
  );
  return {
    keepLogHead: ({ number, sha, at, signature }: LogHead): void => {
      write(() => {
        insert.run(number, sha, at, signature);
        dropOldest.run(maxHeads);
      });
    },
  };
}

/** Oldest first; of any database of a station, also beside the station that runs. */
export const readLogHeads = (db: Database): LogHead[] =>
  db.prepare<[], LogHead>('select number, sha, at, signature from log_head order by rowid').all();
