import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import { caseSchema } from '#domain/cases/schema.ts';
import { caseSummarySchema } from '#domain/contracts/desk/cases.ts';
import { lightColourSchema } from '#domain/verdict/schema.ts';
import type { CaseQuery, CaseRows, StoredCase } from '../ports/case-rows.ts';
import { caseFacts, whereMay } from './access-filter.ts';
import { addJob, appendChanges, finishJob, noteEffect, noteOperation } from './bookkeeping.ts';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

type CaseRow = Selectable<Tables['case_file']>;

export function createCaseRows(db: Db): CaseRows {
  return {
    async find(id) {
      const row = await db.selectFrom('case_file').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toStored(row);
    },
    async ofRecord(recordId) {
      const rows = await db
        .selectFrom('case_file')
        .selectAll()
        .where('record_id', '=', recordId)
        .orderBy('opened_at')
        .execute();
      return rows.map(toStored);
    },
    async list(query) {
      const { total } = await db
        .selectFrom('case_file')
        .select((eb) => eb.fn.countAll().as('total'))
        .where((eb) => matches(eb, query))
        .executeTakeFirstOrThrow();
      const { open } = await db
        .selectFrom('case_file')
        .select((eb) => eb.fn.countAll().as('open'))
        .where((eb) => matches(eb, { visible: query.visible, state: 'open', search: '' }))
        .executeTakeFirstOrThrow();
      const rows = await db
        .selectFrom('case_file')
        .selectAll()
        .where((eb) => matches(eb, query))
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(query.pageSize)
        .offset((query.page - 1) * query.pageSize)
        .execute();
      return { cases: rows.map(toSummary), total: Number(total), open: Number(open) };
    },

    async open({ jobId, stored, stepTitle, to, changes, deliveryJobId, at }) {
      return db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, jobId))) return false;
        const { case: opened } = stored;
        const inserted = await trx
          .insertInto('case_file')
          .values({
            id: opened.id,
            record_id: opened.recordId,
            push_id: opened.pushId,
            station_id: stored.stationId,
            programme: stored.programme,
            kind_title: stored.kindTitle,
            subject_name: stored.subjectName,
            unique_code: stored.uniqueCode,
            light: stored.light,
            department: stored.department,
            push_field: opened.pushField,
            catalogue_hash: stored.catalogueHash,
            opened_at: opened.openedAt,
            ...movingColumns(opened, stepTitle),
          })
          .onConflict((conflict) => conflict.column('push_id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (!inserted) return false;
        for (const [ord, decision] of opened.decisions.entries()) {
          await trx
            .insertInto('case_decision')
            .values({
              case_id: opened.id,
              ord,
              account_id: '',
              at: decision.at,
              body: JSON.stringify(decision),
            })
            .execute();
          await noteEffect(trx, 'case-decided', opened.id, at);
        }
        if (deliveryJobId !== undefined)
          await addJob(trx, { id: deliveryJobId, kind: 'delivery', refId: opened.id, at });
        await appendChanges(trx, [{ to, changes }], at);
        await noteOperation(trx, { actor: stored.stationId, action: 'case-opened', refId: opened.id, at });
        await noteEffect(trx, 'case-opened', opened.pushId, at);
        return true;
      });
    },

    async refusePush({ jobId, to, change, at }) {
      await db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, jobId))) return;
        await appendChanges(trx, [{ to, changes: [change] }], at);
      });
    },

    async decide({ to, next, decision, decisionsBefore, stepTitle, changes, at, accountId }) {
      return db.transaction().execute(async (trx) => {
        const updated = await trx
          .updateTable('case_file')
          .set(movingColumns(next, stepTitle))
          .where('id', '=', next.id)
          .where('decision_count', '=', decisionsBefore)
          .where('state', '=', 'open')
          .returning('id')
          .executeTakeFirst();
        if (!updated) return false;
        await trx
          .insertInto('case_decision')
          .values({
            case_id: next.id,
            ord: decisionsBefore,
            account_id: accountId,
            at,
            body: JSON.stringify(decision),
          })
          .execute();
        await appendChanges(trx, [{ to, changes }], at);
        await noteOperation(trx, { actor: accountId, action: 'case-decided', refId: next.id, at });
        await noteEffect(trx, 'case-decided', next.id, at);
        return true;
      });
    },
  };
}

/** The columns that a decision moves. */
function movingColumns(current: StoredCase['case'], stepTitle: string) {
  return {
    state: current.state,
    step_title: stepTitle,
    decision_count: current.decisions.length,
    closed_at: current.closedAt ?? null,
    body: JSON.stringify(current),
  };
}

function matches(
  eb: ExpressionBuilder<Tables, 'case_file'>,
  { visible, state, search }: Pick<CaseQuery, 'visible' | 'state' | 'search'>,
) {
  const parts: Expression<SqlBool>[] = [whereMay(visible, caseFacts)];
  if (state === 'open') parts.push(eb('state', '=', 'open'));
  if (state === 'closed') parts.push(eb('state', '!=', 'open'));
  const words = search.trim();
  if (words !== '') {
    // \ % _ of the person's text are themselves; the escape character is named for both databases
    const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, String.raw`\$&`)}%`;
    const columns = ['subject_name', 'unique_code', 'kind_title', 'id'] as const;
    parts.push(
      eb.or(columns.map((column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`)),
    );
  }
  return eb.and(parts);
}

function toStored(row: CaseRow): StoredCase {
  return {
    case: caseSchema.parse(JSON.parse(row.body)),
    stationId: row.station_id,
    programme: row.programme,
    kindTitle: row.kind_title,
    subjectName: row.subject_name,
    uniqueCode: row.unique_code,
    light: lightColourSchema.parse(row.light),
    department: row.department,
    catalogueHash: row.catalogue_hash,
  };
}

function toSummary(row: CaseRow) {
  return caseSummarySchema.parse({
    id: row.id,
    recordId: row.record_id,
    state: row.state,
    openedAt: row.opened_at,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    pushField: row.push_field,
    programme: row.programme,
    kindTitle: row.kind_title,
    subjectName: row.subject_name,
    stepTitle: row.step_title,
    light: row.light,
    stationId: row.station_id,
    uniqueCode: row.unique_code,
  });
}
