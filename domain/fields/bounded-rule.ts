/** A field's rule that is only ever asked about texts of a bounded length: several look at a text once for each of its characters. */
import type { Field, FieldKind } from '../catalogue/field.ts';
import { distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';

/** Kinds whose values are as long as their field allows; the others have a shape, and nobody writes a longer date or amount. */
const prose: ReadonlySet<FieldKind> = new Set([
  'text',
  'long-text',
  'company-name',
  'person-name',
  'address',
  'certificate-number',
  'choice',
]);
const longestShape = 200;

/** Spaces, labels and units may stand around a value, and brackets be written twice as wide. */
const maxTyped = ({ kind, maxLength }: Field): number =>
  prose.has(kind) ? Math.max(longestShape, 2 * maxLength) : longestShape;
/** What a reader makes of the marks: labels and neighbours too. */
const maxRead = maxTyped;

export function boundedRule(rule: FieldRule): FieldRule {
  const isLong = (value: string, field: Field): boolean => value.length > maxTyped(field);
  return {
    parse(raw, field) {
      if (!isLong(raw, field)) return rule.parse(raw, field);
      const { label, kind, maxLength } = field;
      const most = prose.has(kind) ? maxLength : Math.min(maxLength, longestShape);
      return refused(`${label}最多 ${most} 字，现为 ${raw.length} 字，请缩短`);
    },
    // a text that is no value is shown as it is
    format: (value, field) => (isLong(value, field) ? value : rule.format(value, field)),
    readFrom: (text, field) => rule.readFrom(text.slice(0, maxRead(field)), field),
    agrees: (a, b, field) => (isLong(a, field) || isLong(b, field) ? a === b : rule.agrees(a, b, field)),
    paperForms: (value, field) => (isLong(value, field) ? distinct([value]) : rule.paperForms(value, field)),
  };
}
