/** What of a record is otherwise than it was when it was given back, as a department reads it. Pure. */
import type { DocumentType, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { fieldRules } from '../fields/field-rules.ts';
import type { Values } from '../primitives.ts';
import { answerTexts } from './columns.ts';
import type { AttachedFile, LudengRecord } from './schema.ts';

export interface RecordChange {
  /** The paper on which it stands; absent for the form and the answers. */
  part?: string;
  label: string;
  /** In display form; empty where there was nothing, or is nothing now. */
  before: string;
  after: string;
}

export function changesBetween(
  before: LudengRecord,
  after: LudengRecord,
  { kind, documentTypes }: { kind: RecordKind; documentTypes: readonly DocumentType[] },
): RecordChange[] {
  const papers = kind.materials.flatMap(({ id, title, documentType }) => {
    const fields = documentTypes.find((one) => one.id === documentType)?.fields ?? [];
    const of = (record: LudengRecord): Values =>
      record.materials.find(({ slot }) => slot === id)?.values ?? {};
    return changedValues(fields, of(before), of(after)).map((change) => ({ ...change, part: title }));
  });
  const slots = [...kind.materials, ...(kind.attachments ?? [])];
  const files = slots.flatMap(({ id, title }) =>
    changedFiles(title, filesIn(before, id), filesIn(after, id)),
  );
  return [
    ...changedAnswers(kind, linesOf(before), linesOf(after)),
    ...changedValues(kind.form, before.form, after.form),
    ...papers,
    ...files,
  ];
}

function changedValues(fields: readonly Field[], before: Values, after: Values): RecordChange[] {
  return fields.flatMap((field) => {
    const [was, is] = [before[field.id] ?? '', after[field.id] ?? ''];
    if (was === is) return [];
    const text = (value: string): string => (value === '' ? '' : fieldRules[field.kind].format(value, field));
    return [{ label: field.label, before: text(was), after: text(is) }];
  });
}

const linesOf = ({ answerList, answers }: LudengRecord): readonly Values[] => answerList ?? [answers];

/** Line by line: a list has no other names for them. */
function changedAnswers(
  kind: RecordKind,
  before: readonly Values[],
  after: readonly Values[],
): RecordChange[] {
  if (kind.asked.length === 0) return [];
  const title = kind.browser?.answers?.list ?? kind.asked.map(({ label }) => label).join('、');
  const text = (line: Values | undefined): string => (line ? answerTexts(kind, line).join('、') : '');
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
    label: `${title} ${index + 1}`,
    before: text(before[index]),
    after: text(after[index]),
  })).filter((line) => line.before !== line.after);
}

const filesIn = ({ attachments = [] }: LudengRecord, slot: string): AttachedFile[] =>
  attachments.filter(({ attachment }) => attachment === slot);

function changedFiles(
  label: string,
  before: readonly AttachedFile[],
  after: readonly AttachedFile[],
): RecordChange[] {
  const without = (files: readonly AttachedFile[], others: readonly AttachedFile[]): string =>
    files
      .filter(({ sha }) => !others.some((one) => one.sha === sha))
      .map(({ name }) => name)
      .join('、');
  const change = { label, before: without(before, after), after: without(after, before) };
  return change.before === '' && change.after === '' ? [] : [change];
}
