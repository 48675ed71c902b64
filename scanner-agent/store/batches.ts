import { AppError } from '#domain/errors/app-error.ts';
import { batchSchema } from '#domain/batch/schema.ts';
import type { Batch } from '#domain/batch/schema.ts';
import type { BatchStore } from '../ports/batch-store.ts';
import type { StoreContext } from './context.ts';

export interface Batches extends Omit<BatchStore, 'remove'> {
  /** Answers the blobs that it named; its key is destroyed. */
  remove(id: string): string[];
  /** Nobody has touched them since, but for one subject's. */
  aged(touchedBefore: string, exceptCreditCode?: string): string[];
  oldest(creditCode: string): string | undefined;
  isThere(id: string): boolean;
}

/** Batches in their table, each encrypted with its own key, and the pages that each names. */
export function createBatches({ db, keys, envelopeOf, subjectTag, write }: StoreContext): Batches {
  const selectOne = db.prepare<[string], { body: Buffer }>('select body from stack where id = ?');
  const selectAll = db.prepare<[string], { id: string; body: Buffer }>(
    'select id, body from stack where subject_tag = ? order by id desc',
  );
  const upsert = db.prepare(`
    insert into stack (id, subject_tag, updated_at, body) values (?, ?, ?, ?)
    on conflict (id) do update set updated_at = excluded.updated_at, body = excluded.body`);
  const age = 'max(stack.updated_at, (select counted_from from draft_age))';
  const selectAged = db.prepare<[string, string], { id: string }>(
    `select id from stack where ${age} < ? and subject_tag <> ?`,
  );
  const selectOldest = db.prepare<[string], { at: string | null }>(
    `select min(${age}) as at from stack where subject_tag = ?`,
  );
  const drop = db.prepare('delete from stack where id = ?');
  const selectBlobs = db.prepare<[string], { sha: string }>('select sha from stack_blob where stack_id = ?');
  const insertBlob = db.prepare(
    'insert into stack_blob (stack_id, sha) select ?, sha from blob where sha = ?',
  );
  const dropBlob = db.prepare('delete from stack_blob where stack_id = ? and sha = ?');

  function open(id: string, body: Buffer): Batch {
    return batchSchema.parse(JSON.parse(envelopeOf('stack', id).open(body, `stack|${id}`).toString('utf8')));
  }

  return {
    get(id) {
      const row = selectOne.get(id);
      return row && open(id, row.body);
    },
    list: (creditCode) => selectAll.all(subjectTag(creditCode)).map(({ id, body }) => open(id, body)),
    put(batch) {
      write(() => {
        const own = keys.make('stack', batch.id);
        const body = own.seal(Buffer.from(JSON.stringify(batch), 'utf8'), `stack|${batch.id}`);
        upsert.run(batch.id, subjectTag(batch.creditCode), batch.updatedAt, body);
        const before = new Set(selectBlobs.all(batch.id).map(({ sha }) => sha));
        const now = new Set(batch.pages.map(({ page }) => page.sha));
        for (const sha of before) if (!now.has(sha)) dropBlob.run(batch.id, sha);
        for (const sha of now) {
          if (before.has(sha)) continue;
          if (insertBlob.run(batch.id, sha).changes === 0) throw new AppError('NOT_FOUND', { blob: sha });
        }
      });
    },
    remove(id) {
      const named = write(() => {
        const shas = selectBlobs.all(id).map(({ sha }) => sha);
        drop.run(id);
        return shas;
      });
      keys.destroy('stack', id);
      return named;
    },
    aged: (touchedBefore, exceptCreditCode) =>
      selectAged
        .all(touchedBefore, exceptCreditCode === undefined ? '' : subjectTag(exceptCreditCode))
        .map(({ id }) => id),
    oldest: (creditCode) => selectOldest.get(subjectTag(creditCode))?.at ?? undefined,
    isThere: (id) => selectOne.get(id) !== undefined,
  };
}
