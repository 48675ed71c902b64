/** The rendered truth in the catalogue's words: canonical values of the fields that the document knows. */
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import type { Truth } from './render-set.ts';

export interface TrueField {
  field: Field;
  /** Canonical. */
  value: string;
}

export function documentTypeOf(
  catalogue: Catalogue,
  truth: Pick<Truth, 'certificate'>,
): DocumentType | undefined {
  return truth.certificate === null ? undefined : getDocumentType(catalogue, truth.certificate);
}

/** Fields whose true text no rule can take are left out: there is nothing to compare with. */
export function trueFields(documentType: DocumentType, truth: Pick<Truth, 'fields'>): TrueField[] {
  return Object.entries(truth.fields).flatMap(([id, text]) => {
    const field = documentType.fields.find((candidate) => candidate.id === id);
    if (!field) return [];
    const rule = fieldRules[field.kind];
    const parsed = rule.parse(text, field);
    const value = parsed.ok ? parsed.value : rule.readFrom(text, field);
    return value === undefined || !rule.parse(value, field).ok ? [] : [{ field, value }];
  });
}
