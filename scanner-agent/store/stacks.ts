import { AppError } from '#domain/errors/app-error.ts';
import { stackSchema } from '#domain/stack/schema.ts';
import type { Stack } from '#domain/stack/schema.ts';
import type { StackStore } from '../ports/stack-store.ts';
import type { StoreContext } from './context.ts';

/** Stacks in their table, bodies encrypted under the stack's id, and the pages that each names. */
export function createStacks({ db, envelope, write }: StoreContext): StackStore {
  const selectOne = db.prepare<[string], { body: Buffer }>('select body from stack where id = ?');
  const selectAll = db.prepare<[string], { id: string; body: Buffer }>(
    'select id, body from stack where credit_code = ? order by id desc',
  );
  const upsert = db.prepare(`
    insert into stack (id, credit_code, updated_at, body) values (?, ?, ?, ?)
    on conflict (id) do update set updated_at = excluded.updated_at, body = excluded.body`);
  const drop = db.prepare('delete from stack where id = ?');
  const selectBlobs = db.prepare<[string], { sha: string }>('select sha from stack_blob where stack_id = ?');
  const insertBlob = db.prepare(
    'insert into stack_blob (stack_id, sha) select ?, sha from blob where sha = ?',
  );
  const dropBlob = db.prepare('delete from stack_blob where stack_id = ? and sha = ?');

  function open(id: string, body: Buffer): Stack {
    return stackSchema.parse(JSON.parse(envelope.open(body, `stack|${id}`).toString('utf8')));
  }

  return {
    get(id) {
      const row = selectOne.get(id);
      return row && open(id, row.body);
    },
    list: (creditCode) => selectAll.all(creditCode).map(({ id, body }) => open(id, body)),
    put(stack) {
      const body = envelope.seal(Buffer.from(JSON.stringify(stack), 'utf8'), `stack|${stack.id}`);
      write(() => {
        upsert.run(stack.id, stack.creditCode, stack.updatedAt, body);
        const before = new Set(selectBlobs.all(stack.id).map(({ sha }) => sha));
        const now = new Set(stack.pages.map(({ page }) => page.sha));
        for (const sha of before) if (!now.has(sha)) dropBlob.run(stack.id, sha);
        for (const sha of now) {
          if (before.has(sha)) continue;
          if (insertBlob.run(stack.id, sha).changes === 0) throw new AppError('NOT_FOUND', { blob: sha });
        }
      });
    },
    remove(id) {
      write(() => drop.run(id));
    },
  };
}
