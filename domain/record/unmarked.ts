/** Sealing follows marking (LNC-066). Pure. */
import { isMarkable } from '../catalogue/lookup.ts';
import { journeyOf } from '../catalogue/record-kind.ts';
import type { DocumentType, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { Material } from './schema.ts';

/**
 * What must still be marked before the material may be sealed: every key field that holds a value. A digital field may stay
 * unmarked, the paper is yellow then; but a paper on which nothing at all is marked is not sealed, whatever its fields are.
 * What came from a chip needs no place on paper, and a kind without marks asks for none.
 */
export function unmarkedFields(
  kind: RecordKind,
  { fields }: Pick<DocumentType, 'fields'>,
  { values, marks, chip }: Pick<Material, 'values' | 'marks' | 'chip'>,
): Field[] {
  if (!journeyOf(kind).includes('mark')) return [];
  const filled = fields.filter((field) => isMarkable(field) && (values[field.id] ?? '') !== '');
  const unmarked = filled.filter(({ id }) => (marks[id] ?? []).length === 0 && chip[id] === undefined);
  return unmarked.length === filled.length ? unmarked : unmarked.filter(({ weight }) => weight === 'key');
}
