/** One rule for each kind of field; the compiler demands all of them. */
import type { Field, FieldKind } from '../catalogue/field.ts';
import type { Values } from '../primitives.ts';
import { unifyCharacters } from '../text/compatible-characters.ts';
import { choiceRule, phoneRule, yesNoRule } from './choices.ts';
import { creditCodeRule, idNumberRule } from './codes.ts';
import { dateRule, periodRule } from './dates.ts';
import { boundedRule } from './bounded-rule.ts';
import type { FieldRule, ParseResult } from './field-rule.ts';
import { moneyRule } from './money.ts';
import { monthRule } from './months.ts';
import {
  addressRule,
  certificateNumberRule,
  companyNameRule,
  longTextRule,
  personNameRule,
  textRule,
} from './texts.ts';

export type { FieldRule } from './field-rule.ts';

/**
 * Nobody sees which code point a hanzi came under, nor what has no width: no rule is asked before both are settled. What is
 * stored is therefore the same for everybody, and old values agree with it.
 */
function overUnified(rules: Record<FieldKind, FieldRule>): Record<FieldKind, FieldRule> {
  const unified = ([kind, rule]: [string, FieldRule]): [string, FieldRule] => [
    kind,
    {
      ...rule,
      parse: (raw, field) => rule.parse(unifyCharacters(raw), field),
      readFrom: (text, field) => rule.readFrom(unifyCharacters(text), field),
      agrees: (a, b, field) => rule.agrees(unifyCharacters(a), unifyCharacters(b), field),
    },
  ];
  // Object.fromEntries forgets the keys that the entries came from.
  return Object.fromEntries(Object.entries(rules).map(unified)) as Record<FieldKind, FieldRule>;
}

const unified = overUnified({
  text: textRule,
  'long-text': longTextRule,
  'company-name': companyNameRule,
  'person-name': personNameRule,
  address: addressRule,
  date: dateRule,
  month: monthRule,
  period: periodRule,
  money: moneyRule,
  'credit-code': creditCodeRule,
  'id-number': idNumberRule,
  'certificate-number': certificateNumberRule,
  choice: choiceRule,
  'yes-no': yesNoRule,
  phone: phoneRule,
});

export const fieldRules: Readonly<Record<FieldKind, FieldRule>> = mapRules(unified);

function mapRules(all: Readonly<Record<FieldKind, FieldRule>>): Record<FieldKind, FieldRule> {
  const bounded = Object.entries(all).map(([kind, rule]) => [kind, boundedRule(rule)]);
  // the keys are those of the table above
  return Object.fromEntries(bounded) as Record<FieldKind, FieldRule>;
}

export interface ParsedValues {
  /** Canonical where it parses, else what was typed; only fields of the list. */
  values: Values;
  /** Chinese, by field id. */
  problems: Record<string, string>;
}

/** A field that hangs on another is asked while that one says so, and what it held before counts for nothing otherwise. */
export const isAsked = ({ onlyIf }: Pick<Field, 'onlyIf'>, values: Values): boolean =>
  onlyIf === undefined || values[onlyIf.field] === onlyIf.is;

/** Parses a form. An empty required field is a problem, an empty optional one is left out. Unknown ids are dropped. */
export function parseValues(fields: readonly Field[], values: Values): ParsedValues {
  const result: ParsedValues = { values: {}, problems: {} };
  for (const field of fields) {
    if (!isAsked(field, values)) continue;
    const raw = values[field.id] ?? '';
    if (unifyCharacters(raw).trim() === '') {
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
  if (unifyCharacters(raw).trim() === '') return '';
  const parsed = fieldRules[field.kind].parse(raw, field);
  return parsed.ok ? parsed.value : raw;
}
