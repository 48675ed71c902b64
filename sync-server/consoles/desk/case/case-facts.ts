import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { keyStandingTexts } from '#domain/record/standing.ts';
import { formatInstant } from '#ui/format-instant.ts';
import { words } from '../locales/zh-CN.ts';

export interface CaseNames {
  pushFieldName: (programme: string, field: string) => string;
  stationName: (id: string) => string;
}

/** What stands under the title of a case, label and value: also who handed it in for whom, and that a key was let in without a connection. */
export function caseFacts(
  { case: current, record, receivedAt, stationId, title }: CaseDetail,
  names: CaseNames,
): [label: string, value: string][] {
  const facts = words.case.facts;
  const { onBehalfOf, by = '', key } = record?.handedIn ?? {};
  return [
    ...(record ? [[facts.creditCode, record.subject.creditCode] satisfies [string, string]] : []),
    current.pushField === undefined
      ? [facts.matter, title]
      : [
          current.complaint ? words.complaint.title : facts.field,
          names.pushFieldName(record?.programme ?? '', current.pushField),
        ],
    ...(onBehalfOf ? [[facts.onBehalf, by] satisfies [string, string]] : []),
    [facts.station, names.stationName(stationId)],
    ...(key && key.by !== 'server'
      ? [[facts.signedIn, keyStandingTexts[key.by]] satisfies [string, string]]
      : []),
    ...(receivedAt === undefined
      ? []
      : [[facts.received, formatInstant(receivedAt)] satisfies [string, string]]),
  ];
}
