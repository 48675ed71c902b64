import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { KnownKey } from '../ports/store.ts';
import type { StoreContext } from './context.ts';

/** The server's last word on each key that was here. */
export function createKnownKeys({
  db,
  write,
  subjectTag,
  now,
}: Pick<StoreContext, 'db' | 'write' | 'subjectTag' | 'now'>) {
  const select = db.prepare<[string], { accepted_at: string | null; refused: string | null }>(
    'select accepted_at, refused from known_key where tag = ?',
  );
  const accept = db.prepare<[string, string]>(`
    insert into known_key (tag, accepted_at, refused) values (?, ?, null)
    on conflict (tag) do update set accepted_at = excluded.accepted_at, refused = null`);
  const refuse = db.prepare<[string, string]>(`
    insert into known_key (tag, accepted_at, refused) values (?, null, ?)
    on conflict (tag) do update set refused = excluded.refused`);
  return {
    knownKey: (certificateSha: string): KnownKey => {
      const row = select.get(subjectTag(certificateSha));
      return {
        ...(row?.accepted_at ? { acceptedAt: row.accepted_at } : {}),
        ...(isErrorCode(row?.refused) ? { refused: row.refused } : {}),
      };
    },
    noteKey: (certificateSha: string, refused?: ErrorCode): void => {
      const tag = subjectTag(certificateSha);
      write(() => {
        if (refused === undefined) accept.run(tag, now());
        else refuse.run(tag, refused);
      });
    },
  };
}

const isErrorCode = (code: string | null | undefined): code is ErrorCode =>
  typeof code === 'string' && code in errorTable;
