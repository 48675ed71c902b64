import { lightOverruleSchema } from '#domain/record/schema.ts';
import type { OverruleRows } from '../ports/overrule-rows.ts';
import { appendChanges, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';

export function createOverruleRows(db: Db): OverruleRows {
  return {
    async ofCase(caseId) {
      const rows = await db
        .selectFrom('light_overrule')
        .select('body')
        .where('case_id', '=', caseId)
        .orderBy('ord')
        .execute();
      return rows.map(({ body }) => lightOverruleSchema.parse(JSON.parse(body)));
    },

    async add({ caseId, to, overrule, decisionsBefore, overrulesBefore, change, accountId, at }) {
      return db.transaction().execute(async (trx) => {
        // holds the case's row: a decision waits until this is done, and is seen where it came first
        const open = await trx
          .updateTable('case_file')
          .set({ state: 'open' })
          .where('id', '=', caseId)
          .where('state', '=', 'open')
          .where('decision_count', '=', decisionsBefore)
          .returning('id')
          .executeTakeFirst();
        if (!open) return false;
        const inserted = await trx
          .insertInto('light_overrule')
          .values({
            case_id: caseId,
            ord: overrulesBefore,
            account_id: accountId,
            at,
            body: JSON.stringify(overrule),
          })
          .onConflict((conflict) => conflict.columns(['case_id', 'ord']).doNothing())
          .returning('ord')
          .executeTakeFirst();
        if (!inserted) return false;
        await appendChanges(trx, [{ to, changes: [change] }], at);
        await noteOperation(trx, { actor: accountId, action: 'light-overruled', refId: caseId, at });
        await noteEffect(trx, 'light-overruled', overrule.id, at);
        return true;
      });
    },
  };
}
