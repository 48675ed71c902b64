import type { Field } from '../catalogue/field.ts';

/** `reason` is set when the shape is right and the check digit is not. */
export type ParseResult =
  { ok: true; value: string } | { ok: false; problem: string; reason?: 'check-digit' };

/** What a kind of field knows about its values. Values are canonical unless called raw, text or form. */
export interface FieldRule {
  /** What a person typed, to the canonical value; or what is wrong with it, in Chinese. Never called with an empty text. */
  parse(raw: string, field: Field): ParseResult;
  /** Display form; `parse(format(value))` gives the value again. A text that is no value is shown as it is. */
  format(value: string, field: Field): string;
  /** Recognised paper text to a value; tolerates a stray label, spaces and punctuation. Undefined: nothing of this kind in it. */
  readFrom(text: string, field: Field): string | undefined;
  /** Whether two values mean the same. */
  agrees(a: string, b: string, field: Field): boolean;
  /** Ways in which the value may stand on paper, likeliest first, without repeats; `readFrom` of each gives the value. */
  paperForms(value: string, field: Field): string[];
}

export const accepted = (value: string): ParseResult => ({ ok: true, value });
export const refused = (problem: string): ParseResult => ({ ok: false, problem });

export function distinct(forms: readonly (string | undefined)[]): string[] {
  return [...new Set(forms.filter((form): form is string => form !== undefined && form !== ''))];
}
