/** From a row of an outside register to a record that a person completes. Pure. */
import { getDocumentType } from '../catalogue/lookup.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { MarketCertificate, Synchronise } from '../catalogue/synchronise.ts';
import { canonicalOf } from '../fields/field-rules.ts';
import type { Values } from '../primitives.ts';
import { isOnPaper } from '../verdict/chosen-lines.ts';
import type { LudengRecord } from './schema.ts';

/** What the row says of the paper's fields, in canonical form. */
export function valuesOfRow(
  catalogue: Catalogue,
  kind: RecordKind,
  { rule, row }: { rule: Synchronise; row: MarketCertificate },
): Values {
  const slot = kind.materials.find(({ id }) => id === rule.slot);
  const fields = slot ? getDocumentType(catalogue, slot.documentType).fields : [];
  return filled(fields, rule.fills, row);
}

/** The answers that the row gives; undefined where one of those that are demanded cannot be told from it. */
export function answersOfRow(
  kind: RecordKind,
  { rule, row }: { rule: Synchronise; row: MarketCertificate },
): Values | undefined {
  const answers = filled(kind.asked, rule.answers, row);
  const isWhole = kind.asked.every(
    ({ id, required }) => !(id in rule.answers) || !required || (answers[id] ?? '') !== '',
  );
  return isWhole ? answers : undefined;
}

function filled(
  fields: readonly Field[],
  by: Readonly<Record<string, Exclude<keyof MarketCertificate, 'id'>>>,
  row: MarketCertificate,
): Values {
  const values: Values = {};
  for (const field of fields) {
    const key = by[field.id];
    const text = key === undefined ? '' : (row[key] ?? '');
    if (text === '') continue;
    const named = field.choices.find(({ paper }) => paper !== undefined && isOnPaper(paper, text));
    const value = named?.value ?? canonicalOf(text, field);
    // what is none of the choices fills nothing
    if (field.kind !== 'choice' || field.choices.some((choice) => choice.value === value))
      values[field.id] = value;
  }
  return values;
}

/** What a row comes to, where the subject has these records and has removed those rows. */
export type RowFate = 'add' | 'renew' | 'keep' | 'removed';
export function fateOfRow(
  id: string,
  { known, removed }: { known: readonly LudengRecord[]; removed: readonly string[] },
): { fate: RowFate; record?: LudengRecord } {
  const record = known.find(({ synchronised }) => synchronised?.row === id);
  // nobody has touched it yet: it follows the register
  if (record) return { fate: record.state === 'draft' && record.revision === 0 ? 'renew' : 'keep', record };
  return { fate: removed.includes(id) ? 'removed' : 'add' };
}
