/** What a QR code or barcode on the paper says against a field: a code cannot be misread, so another number counts. */
import { fieldRules } from '../fields/field-rules.ts';
import type { Check } from '../catalogue/checks.ts';
import type { Field } from '../catalogue/field.ts';
import { reason } from './reasons.ts';
import type { Reason } from './schema.ts';

export type CodeCheck = Extract<Check, { kind: 'code-holds' }>;

/**
 * `texts` are the codes on the pages. A code in which the pattern does not match speaks of something else (an address
 * with a token of its own) and says nothing; undefined when a code agrees or none speaks.
 */
export function checkCodes(
  check: CodeCheck,
  field: Field,
  value: string,
  texts: readonly string[],
): Reason | undefined {
  const pattern = new RegExp(check.pattern, 'gu');
  const rule = fieldRules[field.kind];
  const said = texts.flatMap((text) =>
    [...readable(text).matchAll(pattern)].map(([whole, group]) => group ?? whole),
  );
  const values = said.map((text) => rule.readFrom(text, field) ?? text);
  const [other] = values;
  // A sheet's number (-1/3) is printed behind the number and is not in the code.
  const agrees = (found: string) => rule.agrees(value, found, field) || value.startsWith(`${found}-`);
  if (other === undefined || values.some(agrees)) return undefined;
  return reason('code-differs', {
    label: field.label,
    claimed: rule.format(value, field),
    expected: rule.format(other, field),
  });
}

/** In an address Chinese characters stand as %E5… */
function readable(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
