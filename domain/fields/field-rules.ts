/** One rule for each kind of field; the compiler demands all of them. */
import type { Field, FieldKind } from '../catalogue/schema.ts';
import type { Values } from '../record/schema.ts';
import { choiceRule, phoneRule, yesNoRule } from './choices.ts';
import { creditCodeRule, idNumberRule } from './codes.ts';
import { dateRule, periodRule } from './dates.ts';
import type { FieldRule, ParseResult } from './field-rule.ts';
import { moneyRule } from './money.ts';
import {
  addressRule,
  certificateNumberRule,
  companyNameRule,
  longTextRule,
  personNameRule,
  textRule,
} from './texts.ts';

export type { FieldRule, ParseResult } from './field-rule.ts';

export const fieldRules = {
  text: textRule,
  'long-text': longTextRule,
  'company-name': companyNameRule,
  'person-name': personNameRule,
  address: addressRule,
  date: dateRule,
  period: periodRule,
  money: moneyRule,
  'credit-code': creditCodeRule,
  'id-number': idNumberRule,
  'certificate-number': certificateNumberRule,
  choice: choiceRule,
  'yes-no': yesNoRule,
  phone: phoneRule,
} as const satisfies Record<FieldKind, FieldRule> as Record<FieldKind, FieldRule>;

export interface ParsedValues {
  /** Canonical where it parses, else what was typed; only fields of the list. */
  values: Values;
  /** Chinese, by field id. */
  problems: Record<string, string>;
}

/** Parses a form. An empty required field is a problem, an empty optional one is left out. Unknown ids are dropped. */
export function parseValues(fields: readonly Field[], values: Values): ParsedValues {
  const result: ParsedValues = { values: {}, problems: {} };
  for (const field of fields) {
    const raw = values[field.id] ?? '';
    if (raw.trim() === '') {
      if (field.required) result.problems[field.id] = `请填写${field.label}`;
      continue;
    }
    const parsed: ParseResult = fieldRules[field.kind].parse(raw, field);
    result.values[field.id] = parsed.ok ? parsed.value : raw;
    if (!parsed.ok) result.problems[field.id] = parsed.problem;
  }
  return result;
}

/** The canonical value, or the text itself where it does not parse. */
export function canonicalOf(raw: string, field: Field): string {
  if (raw.trim() === '') return '';
  const parsed = fieldRules[field.kind].parse(raw, field);
  return parsed.ok ? parsed.value : raw;
}
