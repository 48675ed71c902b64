import { sql } from 'kysely';
import type { SelectQueryBuilder } from 'kysely';
import type { Things } from '#domain/accounts/things.ts';
import { logLineSchema } from '#domain/accounts/log-lines.ts';
import { logCheckSchema } from '#domain/contracts/desk/logs.ts';
import type { LogQuery, LogRows } from '../ports/log-rows.ts';
import { whereMay } from './access-filter.ts';
import type { FactSql } from './access-filter.ts';
import { raiseAlarm } from './bookkeeping.ts';
import { looseTransaction } from './durable-sqlite.ts';
import { findFact, putFact } from './facts.ts';
import { appendLine, logHeadName } from './log-chain.ts';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

/** Of rows of `log_line`. */
export const logFacts: FactSql<Things['log']> = {
  account: (values) => sql`log_line.account in (${values})`,
  organisation: (values) => sql`log_line.organisation in (${values})`,
};

export function createLogRows(db: Db): LogRows {
  return {
    // a failed sign-in that a power cut takes back is forgiven elsewhere too
    append: (line) => looseTransaction(db).execute((trx) => appendLine(trx, line)),
    async list(query) {
      const found = narrowed(db.selectFrom('log_line'), query);
      const rows = await found
        .selectAll()
        .orderBy('number', 'desc')
        .limit(query.pageSize)
        .offset((query.page - 1) * query.pageSize)
        .execute();
      const { total } = await found.select((eb) => eb.fn.countAll().as('total')).executeTakeFirstOrThrow();
      return { lines: rows.map((row) => logLineSchema.parse(row)), total: Number(total) };
    },
    async head() {
      const row = await db
        .selectFrom('log_head')
        .select(['number', 'sha'])
        .where('name', '=', logHeadName)
        .executeTakeFirst();
      return row;
    },
    async chain(after, count) {
      const rows = await db
        .selectFrom('log_line')
        .selectAll()
        .where('number', '>', after)
        .orderBy('number')
        .limit(count)
        .execute();
      // as they stand: whoever altered one may have put anything there
      return rows.map(({ before_sha: before, sha, ...line }) => ({ line, before, sha }));
    },
    async addSigned(head) {
      await db
        .insertInto('log_signature')
        .values(head)
        .onConflict((conflict) => conflict.column('number').doNothing())
        .execute();
    },
    async signed() {
      const rows = await db.selectFrom('log_signature').selectAll().orderBy('number').execute();
      return rows;
    },
    async lastSigned() {
      const row = await db
        .selectFrom('log_signature')
        .selectAll()
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row;
    },
    async keepCheck(check) {
      const [finding] = check.findings;
      await db.transaction().execute(async (trx) => {
        await putFact(trx, 'log-check', JSON.stringify(check));
        const open = await trx
          .selectFrom('alarm')
          .select('id')
          .where('kind', '=', logAlarm)
          .where('settled_at', 'is', null)
          .executeTakeFirst();
        if (finding !== undefined && !open)
          await raiseAlarm(trx, { kind: logAlarm, refId: logHeadName, detail: finding, at: check.at });
      });
    },
    async lastCheck() {
      const text = await findFact(db, 'log-check');
      return text === undefined ? undefined : logCheckSchema.parse(JSON.parse(text));
    },
  };
}

const logAlarm = 'log-altered';

type Lines = SelectQueryBuilder<Tables, 'log_line', object>;

const narrowed = (lines: Lines, { visible, kind, account, organisation, from, until }: LogQuery): Lines =>
  lines
    .where(whereMay(visible, logFacts))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .$if(account !== undefined, (query) => query.where('account', '=', account ?? ''))
    .$if(organisation !== undefined, (query) => query.where('organisation', '=', organisation ?? ''))
    .$if(from !== undefined, (query) => query.where('at', '>=', from ?? ''))
    .$if(until !== undefined, (query) => query.where('at', '<', until ?? ''));
