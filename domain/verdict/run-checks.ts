/** Checks beyond one field's own evidence: the subject, the calendar, the other materials of the record. */
import { assertNever } from '../primitives.ts';
import { endOf, startOf } from '../fields/dates.ts';
import { canonicalOf, fieldRules } from '../fields/field-rules.ts';
import type { Check } from '../catalogue/checks.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { Subject, Values } from '../primitives.ts';
import { checkCodes } from './check-codes.ts';
import { reason } from './reasons.ts';
import type { FieldEvidence, Reason } from './schema.ts';

export interface CheckContext {
  documentType: DocumentType;
  values: Values;
  /** Absent where nobody is logged in (a batch of files): whose document it is is not judged then. */
  subject?: Subject;
  otherMaterials: readonly { slot: string; values: Values }[];
  day: string;
  /** By field id; only the codes that stand beside the field are asked for. */
  evidence?: Readonly<Record<string, Pick<FieldEvidence, 'codes'>>>;
}

/** Reasons of failed checks, by field id. A field that is empty or does not parse has its own reason already. */
export function runChecks(context: CheckContext): Map<string, Reason[]> {
  const failures = new Map<string, Reason[]>();
  for (const check of context.documentType.checks) {
    const field = context.documentType.fields.find((candidate) => candidate.id === check.field);
    const raw = context.values[check.field]?.trim() ?? '';
    if (!field || raw === '') continue;
    const parsed = fieldRules[field.kind].parse(raw, field);
    if (!parsed.ok) continue;
    const failure = runCheck(check, field, parsed.value, context);
    if (failure) failures.set(field.id, [...(failures.get(field.id) ?? []), failure]);
  }
  return failures;
}

function runCheck(check: Check, field: Field, value: string, context: CheckContext): Reason | undefined {
  const { label } = field;
  const rule = fieldRules[field.kind];
  switch (check.kind) {
    case 'is-subject': {
      const expected = context.subject?.[check.attribute];
      if (expected === undefined) return undefined;
      if (rule.agrees(value, canonicalOf(expected, field), field)) return undefined;
      return reason('other-subject', { label, expected: `当前登录单位（${expected}）` });
    }
    case 'not-expired': {
      const end = endOf(value);
      if (end === undefined || end >= context.day) return undefined;
      return reason('expired', { label, expected: chineseDay(end) });
    }
    case 'not-in-future': {
      const start = startOf(value);
      if (start === undefined || start <= context.day) return undefined;
      return reason('not-yet-valid', { label, expected: chineseDay(start) });
    }
    case 'equals-material': {
      const other = context.otherMaterials.find((material) => material.slot === check.slot);
      const expected = other?.values[check.otherField]?.trim() ?? '';
      if (expected === '' || rule.agrees(value, canonicalOf(expected, field), field)) return undefined;
      return reason('other-subject', { label, expected: `另一份材料中的“${expected}”` });
    }
    case 'code-holds':
      return checkCodes(check, field, value, context.evidence?.[field.id]?.codes ?? []);
    default:
      return assertNever(check);
  }
}

function chineseDay(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${year}年${Number(month)}月${Number(date)}日`;
}
