import { demand, filterFor } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { UsableRecord, UsableRecords } from '#domain/contracts/desk/usable-records.ts';
import { usableRecordsPageSize } from '#domain/contracts/desk/usable-records.ts';
import { isUniqueCode } from '#domain/record/unique-code.ts';
import { fieldUseTexts, useIn } from '#domain/record/usable-fields.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { PushedRecordRow, PushedRecordRows } from '../../ports/pushed-record-rows.ts';
import { pushedRecord } from './push-of.ts';

export interface UsableRecordsOptions {
  rows: PushedRecordRows;
  records: Pick<RecordRows, 'find'>;
  cases: Pick<CaseRows, 'ofRecord'>;
  catalogue: Catalogue;
}

/** What a department may rely on: whatever was pushed to its fields, with why not where it may not. */
export function createUsableRecords({ rows, records, cases, catalogue }: UsableRecordsOptions) {
  async function viewOf({ recordId, programme, field }: PushedRecordRow): Promise<UsableRecord[]> {
    const stored = await records.find(recordId);
    const ofRecord = await cases.ofRecord(recordId);
    const last = ofRecord.findLast(({ case: one }) => one.pushId !== undefined && one.pushField === field);
    if (!stored || !last) return [];
    const use = useIn(
      field,
      pushedRecord(
        stored,
        ofRecord.map((one) => one.case),
      ),
    );
    const known = catalogue.programmes
      .find(({ id }) => id === programme)
      ?.pushFields.find(({ id }) => id === field);
    const { light } = stored;
    return [
      {
        ...{ recordId, programme, field, use, text: fieldUseTexts[use] },
        caseId: last.case.id,
        uniqueCode: stored.uniqueCode ?? '',
        // a field that the configuration has no more keeps its id
        fieldName: known?.name ?? field,
        kindTitle: last.kindTitle,
        subjectName: stored.record.subject.name,
        pushedAt: last.case.openedAt,
        ...(light === undefined ? {} : { light }),
      },
    ];
  }

  /** Of what was never pushed where he could rely on it, one learns that alone. */
  async function notPushed(code: string): Promise<Pick<UsableRecords, 'notPushed'>> {
    if (!isUniqueCode(code) || !(await rows.isStored(code))) return {};
    return { notPushed: { uniqueCode: code, text: fieldUseTexts['not-pushed'] } };
  }

  return async function list(
    actor: Actor,
    { search, page }: { search: string; page: number },
  ): Promise<UsableRecords> {
    demand(actor, 'record.list-usable', {});
    const visible = filterFor(actor, 'case.list');
    const found = await rows.list({ visible, search, page, pageSize: usableRecordsPageSize });
    const views: UsableRecord[] = [];
    for (const row of found.rows) views.push(...(await viewOf(row)));
    return {
      ...{ records: views, total: found.total },
      ...(found.total === 0 ? await notPushed(search.trim().toUpperCase()) : {}),
    };
  };
}
export type UsableRecordList = ReturnType<typeof createUsableRecords>;
