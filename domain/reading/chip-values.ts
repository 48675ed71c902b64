/** From a card's chip to the values of a document's fields. */
import { fieldRules } from '../fields/field-rules.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import type { Values } from '../primitives.ts';

/**
 * `card` holds the chip's texts by key (`validFrom` and `validTo` join into a period). Canonical values; a text that
 * does not parse is kept as it is, for the chip is right about what it says.
 */
export function chipValues(documentType: DocumentType, card: Readonly<Record<string, unknown>>): Values {
  const values: Values = {};
  for (const field of documentType.fields) {
    const keys = Object.keys(documentType.chip).filter((key) => documentType.chip[key] === field.id);
    const texts = keys.map((key) => card[key]).filter((text) => typeof text === 'string');
    if (texts.length === 0 || texts.every((text) => text.trim() === '')) continue;
    const raw = texts.map((text) => text.trim()).join(field.kind === 'period' ? '/' : ' ');
    const parsed = fieldRules[field.kind].parse(raw, field);
    values[field.id] = parsed.ok ? parsed.value : raw;
  }
  return values;
}
