/** The record's logs as the desk sees them: what the station wrote, and after it what happened on the server. */
import type { CaseDetail } from '#domain/contracts/console-server.ts';
import type { Operation, Push } from '#domain/record/schema.ts';
import { operationOfOverrule } from '#domain/sync/apply-change.ts';
import { words } from '../locales/zh-CN.ts';

/** 操作记录 in the order of time. */
export function operationsOf(
  { record, case: current, receivedAt, overrules }: CaseDetail,
  fieldName: string,
): Operation[] {
  const own = words.operations;
  const here: Operation[] = [
    { at: receivedAt, by: own.server, action: own.received },
    { at: current.openedAt, by: own.server, action: own.opened, detail: fieldName },
    ...current.decisions.map(({ at, by, label, opinion }) => ({
      at,
      by,
      action: label,
      ...(opinion === '' ? {} : { detail: opinion }),
    })),
    ...overrules.map(operationOfOverrule),
  ];
  return [...record.operations, ...here].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** 推送记录: the pushes that the record brought, and this case's own as it stands now. */
export function pushesOf({ record, case: current }: CaseDetail, fieldName: string): Push[] {
  const last = current.decisions.at(-1);
  const brought = record.pushes.find(({ id }) => id === current.pushId);
  const own: Push = {
    id: current.pushId,
    field: current.pushField,
    fieldName,
    pushedAt: brought?.pushedAt ?? current.openedAt,
    state: current.state === 'open' ? 'under-review' : current.state,
    ...(current.state !== 'open' && last
      ? { decidedAt: last.at, opinion: last.opinion, decidedBy: last.by }
      : {}),
  };
  return [...record.pushes.filter(({ id }) => id !== current.pushId), own];
}
