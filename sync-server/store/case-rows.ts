import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import { departmentsOf } from '#domain/cases/assignees.ts';
import { caseSchema, isClosed } from '#domain/cases/schema.ts';
import { caseSummarySchema } from '#domain/contracts/desk/cases.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import type { LinkRule } from '#domain/record/links.ts';
import { lightColourSchema } from '#domain/verdict/schema.ts';
import type { IssueCredential } from '../ports/credential-rows.ts';
import type { CaseQuery, CaseRows, StoredCase } from '../ports/case-rows.ts';
import { caseFacts, whereMay } from './access-filter.ts';
import { addJob, appendChanges, finishJob, noteEffect, noteOperation } from './bookkeeping.ts';
import { doDeeds } from './case-deeds.ts';
import type { Db, Trx } from './open-store.ts';
import type { Tables } from './tables.ts';
import { containsText } from './text-search.ts';

type CaseRow = Selectable<Tables['case_file']>;

/** `rules`: who is locked, from the configuration. `issueCredential`: left out where no workflow issues any. `links`: what is tied to whose file. */
export function createCaseRows(
  db: Db,
  rules: readonly LockRule[],
  issueCredential: IssueCredential = () => undefined,
  links: readonly LinkRule[] = [],
): CaseRows {
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
    async withParty(party, limit) {
      const rows = await db
        .selectFrom('case_file')
        .innerJoin('case_party', 'case_party.case_id', 'case_file.id')
        .selectAll('case_file')
        .where('case_party.party', '=', party)
        .orderBy('opened_at', 'desc')
        .orderBy('case_file.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...toStored(row), stepTitle: row.step_title }));
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

    async open({ jobId, actor, stored, stepTitle, to, deeds, changes, deliveryJobId, at }) {
      return db.transaction().execute(async (trx) => {
        if (jobId !== undefined && !(await finishJob(trx, jobId))) return false;
        const { case: opened } = stored;
        const inserted = await trx
          .insertInto('case_file')
          .values({
            id: opened.id,
            about_kind: opened.about.kind,
            about_id: opened.about.id,
            record_id: opened.recordId ?? null,
            push_id: opened.pushId ?? null,
            station_id: stored.stationId,
            programme: stored.programme,
            kind_title: stored.kindTitle,
            subject_name: stored.subjectName,
            unique_code: stored.uniqueCode ?? null,
            light: stored.light ?? null,
            department: departmentsOf(opened)[0] ?? '',
            push_field: opened.pushField ?? null,
            complaint_push: opened.complaint?.push ?? null,
            catalogue_hash: stored.catalogueHash,
            opened_at: opened.openedAt,
            revision: 0,
            ...movingColumns(opened, stepTitle),
          })
          .onConflict((conflict) =>
            conflict.column(opened.complaint ? 'open_complaint' : 'push_id').doNothing(),
          )
          .returning('id')
          .executeTakeFirst();
        if (!inserted) return false;
        for (const party of new Set(opened.parties.map(({ key }) => key)))
          await trx.insertInto('case_party').values({ case_id: opened.id, party }).execute();
        await addEntries(trx, opened, { from: 0, accountId: '', at });
        if (deliveryJobId !== undefined)
          await addJob(trx, { id: deliveryJobId, kind: 'delivery', refId: opened.id, at });
        await doDeeds(
          trx,
          { deeds, told: { to, changes } },
          { current: opened, rules, issueCredential, links, at },
        );
        const by = actor ?? stored.stationId;
        const action = opened.complaint ? 'complaint-lodged' : 'case-opened';
        await noteOperation(trx, { actor: by, action, refId: opened.id, at });
        await noteEffect(trx, 'case-opened', opened.pushId ?? opened.id, at);
        return true;
      });
    },

    async endUndone({ jobId, to, change, at }) {
      await db.transaction().execute(async (trx) => {
        if (!(await finishJob(trx, jobId))) return;
        await appendChanges(trx, [{ to, changes: [change] }], at);
      });
    },

    async proceed({ before, jobId, to, next, stepTitle, light, deeds, changes, at, actor, operation }) {
      return db.transaction().execute(async (trx) => {
        if (jobId !== undefined && !(await finishJob(trx, jobId))) return false;
        const updated = await trx
          .updateTable('case_file')
          .set({
            ...movingColumns(next, stepTitle),
            ...(light === undefined ? {} : { light }),
            revision: before.revision + 1,
          })
          .where('id', '=', next.id)
          .where('revision', '=', before.revision)
          .returning('id')
          .executeTakeFirst();
        // the job must not end with nothing done: it is tried again
        if (!updated && jobId !== undefined) throw new Error(`case ${next.id} changed meanwhile`);
        if (!updated) return false;
        await addEntries(trx, next, { from: before.case.decisions.length, accountId: actor, at });
        await doDeeds(
          trx,
          { deeds, told: { to, changes } },
          { current: next, rules, issueCredential, links, at },
        );
        await noteOperation(trx, { actor, action: operation, refId: next.id, at });
        return true;
      });
    },
  };
}

/** What was decided since: a row each, so that it can be counted and shown beside the case. */
async function addEntries(
  trx: Trx,
  { id, decisions }: StoredCase['case'],
  { from, accountId, at }: { from: number; accountId: string; at: string },
): Promise<void> {
  for (const [ord, decision] of decisions.entries()) {
    if (ord < from) continue;
    await trx
      .insertInto('case_decision')
      .values({ case_id: id, ord, account_id: accountId, at: decision.at, body: JSON.stringify(decision) })
      .execute();
    await noteEffect(trx, 'case-decided', id, at);
  }
}

const openStates = ['open', 'returned'];

/** The columns that a decision moves. */
function movingColumns(current: StoredCase['case'], stepTitle: string) {
  return {
    state: current.state,
    open_complaint: isClosed(current.state) ? null : (current.complaint?.push ?? null),
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
  if (state === 'open') parts.push(eb('state', 'in', openStates));
  if (state === 'closed') parts.push(eb('state', 'not in', openStates));
  const words = search.trim();
  if (words !== '') parts.push(containsText(['subject_name', 'unique_code', 'kind_title', 'id'], words));
  return eb.and(parts);
}

function toStored(row: CaseRow): StoredCase {
  return {
    case: caseSchema.parse(JSON.parse(row.body)),
    stationId: row.station_id,
    programme: row.programme,
    kindTitle: row.kind_title,
    subjectName: row.subject_name,
    ...(row.unique_code === null ? {} : { uniqueCode: row.unique_code }),
    ...(row.light === null ? {} : { light: lightColourSchema.parse(row.light) }),
    catalogueHash: row.catalogue_hash,
    revision: row.revision,
  };
}

function toSummary(row: CaseRow) {
  return caseSummarySchema.parse({
    id: row.id,
    about: { kind: row.about_kind, id: row.about_id },
    ...(row.record_id === null ? {} : { recordId: row.record_id }),
    state: row.state,
    openedAt: row.opened_at,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.push_field === null ? {} : { pushField: row.push_field }),
    ...(row.complaint_push === null ? {} : { isComplaint: true }),
    programme: row.programme,
    kindTitle: row.kind_title,
    subjectName: row.subject_name,
    stepTitle: row.step_title,
    ...(row.light === null ? {} : { light: row.light }),
    stationId: row.station_id,
    ...(row.unique_code === null ? {} : { uniqueCode: row.unique_code }),
  });
}
