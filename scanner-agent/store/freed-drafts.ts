import type { StoreContext } from './context.ts';

/** Which drafts of portals were deleted here and are still away for their portal. Written with the deletion itself. */
export function createFreedDrafts({ db, write }: Pick<StoreContext, 'db' | 'write'>) {
  const add = db.prepare('insert into freed_draft (record_id) values (?) on conflict do nothing');
  const select = db.prepare<[], { record_id: string }>(
    'select record_id from freed_draft order by record_id',
  );
  const remove = db.prepare('delete from freed_draft where record_id = ?');
  return {
    /** Inside a transaction of the caller. */
    add: (recordId: string): void => void add.run(recordId),
    list: (): string[] => select.all().map(({ record_id }) => record_id),
    remove: (recordId: string): void => {
      write(() => remove.run(recordId));
    },
  };
}
