/**
 * Links between records (domain/catalogue/linked.ts). Nothing of them is kept: they follow from the records that stand and that
 * some department has approved, so that what is replaced, voided or let go (解绑) is tied to nothing any more. Whoever shows the
 * file hears of them by its subject's feed.
 */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { linkRules } from '#domain/record/links.ts';
import type { LinkRule, RecordLinks } from '#domain/record/links.ts';
import { stateAfter } from '#domain/record/lifecycle.ts';
import { valueAt } from '#domain/record/in-browser.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { LinkRows } from '../ports/link-rows.ts';
import { appendChanges, nextNumber } from './bookkeeping.ts';
import type { Db, Trx } from './open-store.ts';

const storedState = stateAfter('submitted', 'store');

interface Owner {
  programme: string;
  subject_kind: string;
  subject_code: string;
}
interface Approved {
  record: LudengRecord;
  at: string;
}

const counterOf = ({ programme, subject_kind, subject_code }: Owner): string =>
  `links:${programme}:${subject_kind}:${subject_code}`;

/** Of the subject's records of that kind those that stand and were approved, oldest first. */
async function approvedOf(db: Db | Trx, owner: Owner, kind: string): Promise<Approved[]> {
  const rows = await db
    .selectFrom('record')
    .innerJoin('case_file', 'case_file.record_id', 'record.id')
    .select(['record.id', 'record.body', 'case_file.closed_at'])
    .where('record.programme', '=', owner.programme)
    .where('record.subject_kind', '=', owner.subject_kind)
    .where('record.subject_code', '=', owner.subject_code)
    .where('record.kind', '=', kind)
    .where('record.state', '=', storedState)
    .where('record.released_at', 'is', null)
    .where('case_file.state', '=', 'approved')
    .orderBy('record.id')
    .execute();
  const found = new Map<string, Approved>();
  for (const { id, body, closed_at: closed } of rows) {
    const record = recordSchema.parse(JSON.parse(body));
    if (record.voided === undefined && !found.has(id))
      found.set(id, { record, at: closed ?? record.updatedAt });
  }
  return [...found.values()];
}

/** The record that says whose it is: the linked one, or the one that its answer was chosen from. */
async function holderOf(
  db: Db | Trx,
  { through }: LinkRule,
  record: LudengRecord,
): Promise<LudengRecord | undefined> {
  if (through === undefined) return record;
  const id = record.sources?.[through];
  if (id === undefined) return undefined;
  const row = await db.selectFrom('record').select('body').where('id', '=', id).executeTakeFirst();
  return row && recordSchema.parse(JSON.parse(row.body));
}

/** By the file's record. Two of one name are told apart by nothing that a contract says: neither is tied. */
async function findLinks(
  db: Db | Trx,
  rules: readonly LinkRule[],
  owner: Owner,
): Promise<Map<string, RecordLinks['records']>> {
  const links = new Map<string, RecordLinks['records']>();
  for (const rule of rules.filter(({ programme }) => programme === owner.programme)) {
    const files = await approvedOf(db, owner, rule.to);
    for (const { record, at } of await approvedOf(db, owner, rule.kind)) {
      const holder = await holderOf(db, rule, record);
      const said = holder ? valueAt(holder, rule.own).trim() : '';
      const [only, ...others] = files.filter(
        ({ record: file }) => said !== '' && valueAt(file, rule.theirs).trim() === said,
      );
      if (!only || others.length > 0) continue;
      const known = links.get(only.record.id) ?? [];
      links.set(only.record.id, [
        ...known,
        { id: record.id, kind: record.kind, at: at < only.at ? only.at : at },
      ]);
    }
  }
  return links;
}

/** In the transaction of the approval: the files that the record stands in, or its own file, are told what is tied to them. */
export async function tellLinks(
  trx: Trx,
  rules: readonly LinkRule[],
  { recordId, at }: { recordId: string; at: string },
): Promise<void> {
  const row = await trx
    .selectFrom('record')
    .select(['programme', 'kind', 'subject_kind', 'subject_code', 'body'])
    .where('id', '=', recordId)
    .executeTakeFirst();
  if (
    !row ||
    !rules.some(({ programme, kind, to }) => programme === row.programme && [kind, to].includes(row.kind))
  )
    return;
  // of two approvals at once the second sees what the first did
  const count = await nextNumber(trx, counterOf(row));
  const { subject } = recordSchema.parse(JSON.parse(row.body));
  const links = await findLinks(trx, rules, row);
  const changes = [...links]
    .filter(([file, records]) => file === recordId || records.some(({ id }) => id === recordId))
    .map(([file, records]) => ({
      kind: 'record-links' as const,
      recordId: file,
      at,
      links: { count, records },
    }));
  // the subject's feed alone: the decision has taken its number already, and another station's might be taken out of turn
  if (changes.length > 0) await appendChanges(trx, [{ to: [audienceOf.subject(subject)], changes }], at);
}

export function createLinkRows(db: Db, catalogue: Catalogue): LinkRows {
  const rules = linkRules(catalogue);
  return {
    async of(recordIds) {
      const rows = await db
        .selectFrom('record')
        .select(['id', 'programme', 'kind', 'subject_kind', 'subject_code'])
        .where('id', 'in', ['', ...recordIds])
        .execute();
      const files = rows.filter(({ kind }) => rules.some(({ to }) => to === kind));
      const told = new Map<string, RecordLinks>();
      for (const [name, own] of Map.groupBy(files, counterOf)) {
        const [owner] = own;
        const counter = await db
          .selectFrom('counter')
          .select('value')
          .where('name', '=', name)
          .executeTakeFirst();
        if (!owner || !counter) continue;
        const links = await findLinks(db, rules, owner);
        for (const { id } of own)
          told.set(id, { count: Number(counter.value), records: links.get(id) ?? [] });
      }
      return told;
    },
  };
}
