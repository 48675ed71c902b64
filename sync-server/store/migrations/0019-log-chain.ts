import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';

/**
 * Operations move into the chain of the log, where each line holds the hash of the one before it; signed heads of it. Accounts
 * that are frozen, by whom and why.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('log_line')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('organisation', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('ref', 'text', (c) => c.notNull())
    .addColumn('result', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('before_sha', 'text', (c) => c.notNull())
    .addColumn('sha', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('log_line_by_ref').on('log_line').columns(['ref', 'number']).execute();
  await schema.createIndex('log_line_by_account').on('log_line').columns(['account', 'number']).execute();
  await schema
    .createIndex('log_line_by_organisation')
    .on('log_line')
    .columns(['organisation', 'number'])
    .execute();
  await schema.createIndex('log_line_by_kind').on('log_line').columns(['kind', 'number']).execute();
  await schema
    .createTable('log_head')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('sha', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('log_signature')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('sha', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .execute();
  await liftOperations(db);
  await schema.dropTable('operation').execute();

  for (const column of ['frozen_at', 'frozen_by', 'frozen_reason', 'frozen_note'])
    await schema.alterTable('account').addColumn(column, 'text').execute();
}

interface Line {
  number: number;
  at: string;
  kind: string;
  account: string;
  name: string;
  organisation: string;
  action: string;
  ref: string;
  result: string;
  detail: string;
  place: string;
  device: string;
}
interface OldTables {
  operation: { id: string; at: string; actor: string; action: string; ref_id: string };
  account: { id: string; name: string; organisation_id: string | null };
  organisation: { id: string; credit_code: string | null };
  log_line: Line & { before_sha: string; sha: string };
  log_head: { name: string; number: number; sha: string };
}

/** In the order in which they were noted: the ids tell it. */
async function liftOperations(db: Kysely<OldTables>): Promise<void> {
  let [number, before, last] = [0, '', ''];
  for (;;) {
    const rows = await db
      .selectFrom('operation')
      .leftJoin('account', 'account.id', 'operation.actor')
      .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
      .selectAll('operation')
      .select(['account.name', 'organisation.credit_code'])
      .where('operation.id', '>', last)
      .orderBy('operation.id')
      .limit(500)
      .execute();
    for (const row of rows) {
      number += 1;
      const line: Line = {
        ...{ number, at: row.at, kind: 'operation', account: row.actor, name: row.name ?? row.actor },
        organisation: row.credit_code === null ? '' : `credit-code:${row.credit_code}`,
        ...{ action: row.action, ref: row.ref_id, result: 'done', detail: '', place: '', device: '' },
      };
      const sha = shaOf(line, before);
      await db
        .insertInto('log_line')
        .values({ ...line, before_sha: before, sha })
        .execute();
      before = sha;
      last = row.id;
    }
    if (rows.length === 0) break;
  }
  if (number > 0) await db.insertInto('log_head').values({ name: 'log', number, sha: before }).execute();
}

/** As the program of that version wrote it: keys in their order, no spaces. */
function shaOf(line: Line, before: string): string {
  const parts = Object.entries({ ...line, before })
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return createHash('sha256')
    .update(`{${parts.join(',')}}`)
    .digest('hex');
}
