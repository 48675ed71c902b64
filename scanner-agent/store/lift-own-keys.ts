/**
 * What an older program encrypted with the station's key alone gets keys of its own, once, at the opening; drafts that were
 * deleted then are erased. A row that the disk spoilt stays as it is: it is an error when it is read, as it was before.
 */
import { recordSchema } from '#domain/record/schema.ts';
import type { StoreContext } from './context.ts';
import { isDiskFull } from './durable-file.ts';
import { contentOf, prepareErasure } from './records.ts';

export function liftOwnKeys(context: StoreContext): void {
  const { db, keys, write } = context;
  const waiting = db
    .prepare<[], { owner: 'record' | 'stack'; id: string }>('select owner, id from to_lift')
    .all();
  if (waiting.length === 0) return;
  const lift = { record: prepareRecordLift(context), stack: prepareStackLift(context) };
  const done = db.prepare('delete from to_lift where owner = ? and id = ?');
  const lifted = write(
    () =>
      waiting.filter(({ owner, id }) => {
        try {
          db.transaction(() => {
            lift[owner](id);
            done.run(owner, id);
          })();
          return true;
        } catch (error) {
          keys.destroy(owner, id);
          if (isDiskFull(error)) throw error;
          return false;
        }
      }).length,
  );
  if (lifted > 0) rewriteDatabase(context);
}

function prepareRecordLift({ db, envelope, keys, subjectTag }: StoreContext): (id: string) => void {
  const selectRow = db.prepare<[string], { body: Buffer; deleted_at: string | null; credit_code: string }>(
    'select body, deleted_at, subject_tag as credit_code from record where id = ?',
  );
  const updateRow = db.prepare('update record set body = ?, content_sha = ?, subject_tag = ? where id = ?');
  const selectLog = db.prepare<[string], { n: number; body: Buffer }>(
    'select n, body from record_operation where record_id = ?',
  );
  const updateLog = db.prepare('update record_operation set body = ? where record_id = ? and n = ?');
  const selectItems = db.prepare<[string], { id: string; payload: Buffer }>(
    `select id, payload from item where record_id = ? and length(payload) > 0`,
  );
  const updateItem = db.prepare('update item set payload = ? where id = ?');
  const erase = prepareErasure(db);

  return (id) => {
    const row = selectRow.get(id);
    if (!row) return;
    if (row.deleted_at !== null) {
      erase(id, row.deleted_at);
      return;
    }
    const own = keys.make('record', id);
    const reseal = (bytes: Buffer, name: string): Buffer => own.seal(envelope.open(bytes, name), name);
    for (const { n, body } of selectLog.all(id)) updateLog.run(reseal(body, `operation|${id}|${n}`), id, n);
    for (const item of selectItems.all(id)) updateItem.run(reseal(item.payload, `item|${item.id}`), item.id);
    const text = envelope.open(row.body, `record|${id}`).toString('utf8');
    const record = recordSchema.parse({ ...(JSON.parse(text) as object), operations: [] });
    const body = own.seal(Buffer.from(text, 'utf8'), `record|${id}`);
    updateRow.run(body, own.tag(contentOf(record)), subjectTag(row.credit_code), id);
  };
}

function prepareStackLift({ db, envelope, keys, subjectTag }: StoreContext): (id: string) => void {
  const selectRow = db.prepare<[string], { body: Buffer; credit_code: string }>(
    'select body, subject_tag as credit_code from stack where id = ?',
  );
  const updateRow = db.prepare('update stack set body = ?, subject_tag = ? where id = ?');
  return (id) => {
    const row = selectRow.get(id);
    if (!row) return;
    const name = `stack|${id}`;
    const body = keys.make('stack', id).seal(envelope.open(row.body, name), name);
    updateRow.run(body, subjectTag(row.credit_code), id);
  };
}

/** What stood there before lies in free pages and in the log until they are written anew. */
function rewriteDatabase({ db }: StoreContext): void {
  try {
    db.exec('vacuum');
    db.pragma('wal_checkpoint(truncate)');
  } catch (error) {
    // it wants as much room again as the database has; the lifted rows are good without it
    if (!isDiskFull(error)) throw error;
  }
}
