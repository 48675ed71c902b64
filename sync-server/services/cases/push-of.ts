import type { Case } from '#domain/cases/schema.ts';
import { complaintsAmong } from '#domain/record/complaints.ts';
import type { Push } from '#domain/record/schema.ts';
import type { PushedRecord } from '#domain/record/usable-fields.ts';
import type { StoredRecord } from '../../ports/case-rows.ts';

/** The push as its case stands; undefined where the case is of no push. */
export function pushOf(current: Case, names: ReadonlyMap<string, string> = new Map()): Push | undefined {
  const { pushId, pushField, state } = current;
  if (pushId === undefined || pushField === undefined) return undefined;
  const isOver = state === 'approved' || state === 'refused';
  const last = isOver ? current.decisions.at(-1) : undefined;
  return {
    id: pushId,
    field: pushField,
    fieldName: names.get(pushField) ?? pushField,
    pushedAt: current.openedAt,
    state: isOver ? state : 'under-review',
    ...(last ? { decidedAt: last.at, opinion: last.opinion, decidedBy: last.by } : {}),
  };
}

/** What its use in a field follows from, as the server has it. */
export function pushedRecord(
  { record, state, releasedAt }: StoredRecord,
  cases: readonly Case[],
): PushedRecord {
  return {
    state,
    ...(record.voided ? { voided: record.voided } : {}),
    ...(releasedAt === undefined ? {} : { released: { at: releasedAt, by: '' } }),
    pushes: cases.flatMap((one) => pushOf(one) ?? []),
    complaints: complaintsAmong(cases),
  };
}
