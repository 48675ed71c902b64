/** The record's log as the server knows it; what the station wrote stands apart (`CaseDetail.stationLog`). */
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import type { Operation } from '#domain/record/schema.ts';
import { operationOfOverrule } from '#domain/sync/apply-change.ts';
import { words } from '../locales/zh-CN.ts';

/** 操作记录 in the order of time. */
export function operationsOf(
  { case: current, receivedAt, overrules }: CaseDetail,
  /** The push field, or what the case is. */
  about: string,
): Operation[] {
  const own = words.operations;
  const here: Operation[] = [
    ...(receivedAt === undefined ? [] : [{ at: receivedAt, by: own.server, action: own.received }]),
    { at: current.openedAt, by: own.server, action: own.opened, detail: about },
    ...current.decisions.map(({ at, by, label, opinion, automatic }) => ({
      at,
      by,
      action: automatic ? `${label}（${words.decision.automatic}）` : label,
      ...(opinion === '' ? {} : { detail: opinion }),
    })),
    ...overrules.map((overrule) => operationOfOverrule(overrule)),
  ];
  return here.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
