/** The text of a list's cell. Instants are shown in China's time, which has no summer time. */
import { lightNames } from '../verdict/light-names.ts';
import { chinaTime, assertNever } from '../primitives.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { fieldAt } from '../catalogue/field-at.ts';
import type { DocumentType, Column, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { complaintsOf, ownCasesOf } from './complaints.ts';
import { isDemanded } from './demanded-papers.ts';
import { valueAt } from './in-browser.ts';
import type { Values } from '../primitives.ts';
import type { Push, RecordState } from './schema.ts';
import type { RecordSummary } from './summary.ts';

export const nothingText = '—';

const stateTexts = {
  draft: '未提交',
  saved: '已保存',
  submitted: '待上传',
  stored: '已入库',
  rejected: '已退回',
  superseded: '历史信息',
} as const satisfies Record<RecordState, string>;

/** 作废 says more than its state. */
export const stateText = ({ state, voided }: Pick<RecordSummary, 'state' | 'voided'>): string =>
  voided ? '已作废' : stateTexts[state];
const isStanding = ({ state, voided }: RecordSummary): boolean => state === 'stored' && voided === undefined;

export const pushStateTexts = {
  queued: '待推送',
  'under-review': '核验中',
  approved: '审核通过',
  refused: '审核不通过',
} as const satisfies Record<Push['state'], string>;

/** `index` counts from 0. With `documentTypes`, values stand in display form; without, in canonical form. */
export function columnText(
  column: Column,
  record: RecordSummary,
  kind: RecordKind,
  index: number,
  documentTypes: readonly DocumentType[] = [],
): string {
  const { source } = column;
  if (typeof source === 'string') return namedText(source, record, kind, index);
  if ('mode' in source) return modeTexts[modeOf(record, source.mode)];
  const field = fieldAt(kind, source, (id) => documentTypes.find((one) => one.id === id));
  return valueText(field, valueAt(record, source));
}

/** A line of the answers, field by field. */
export const answerTexts = ({ asked }: Pick<RecordKind, 'asked'>, line: Values): string[] =>
  asked.map((field) => valueText(field, line[field.id] ?? ''));

function valueText(field: Field | undefined, value: string): string {
  if (value === '') return nothingText;
  return field ? fieldRules[field.kind].format(value, field) : value;
}

/** 核验方式: who filled in what is checked, the reader or a person. */
const modeTexts = { smart: '智能核验', manual: '人工核验', none: nothingText } as const;
const modeOf = ({ materials }: RecordSummary, slot: string): keyof typeof modeTexts =>
  materials.find((material) => material.slot === slot)?.mode ?? 'none';

type NamedSource = Extract<Column['source'], string>;

function namedText(source: NamedSource, record: RecordSummary, kind: RecordKind, index: number): string {
  switch (source) {
    case 'index':
      return String(index + 1);
    case 'light':
      return record.light ? lightNames[record.light] : nothingText;
    case 'sealed':
      return isSealed(record, kind) ? '已签章' : '未签章';
    case 'submitted-at':
      return record.submittedAt ? chinaTime(record.submittedAt) : nothingText;
    case 'pushes':
      return record.pushes.length > 0
        ? record.pushes.map((push) => `${push.fieldName}（${pushText(push, record)}）`).join('、')
        : nothingText;
    case 'state':
      // a department's word on what was stored says more than that it was
      return (isStanding(record) ? ownCasesOf(record.cases).at(-1)?.text : undefined) ?? stateText(record);
    case 'review': {
      const last = record.pushes.at(-1);
      return last ? pushStateTexts[last.state] : nothingText;
    }
    case 'complaint':
      return complaintsOf(record.cases).at(-1)?.text ?? nothingText;
    case 'unique-code':
      return record.uniqueCode ?? nothingText;
    case 'actions':
      return '';
    default:
      return assertNever(source);
  }
}

const pushText = ({ id, state }: Push, { cases }: RecordSummary): string => {
  const last = complaintsOf(cases).findLast(({ complaint }) => complaint.push === id);
  return [pushStateTexts[state], ...(last ? [last.text] : [])].join('，');
};

/** An optional paper may be missing; every other one needs its seal. */
function isSealed(record: RecordSummary, kind: RecordKind): boolean {
  const sealed = new Set(record.materials.filter((material) => material.sealed).map(({ slot }) => slot));
  return sealed.size > 0 && kind.materials.every((slot) => !isDemanded(slot, record) || sealed.has(slot.id));
}
