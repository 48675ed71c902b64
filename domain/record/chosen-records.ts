/** Answers that are chosen among the subject's own records (`from` of what is asked). */
import type { Field } from '../catalogue/field.ts';
import { allows } from './lifecycle.ts';
import type { LudengRecord } from './schema.ts';

type Said = Pick<LudengRecord, 'state' | 'voided'>;

/** It was handed in and stands; one that is still on its way to the server counts, the server waits for it. */
export const mayChooseFrom = ({ state, voided }: Said): boolean =>
  voided === undefined && allows({ state }, 'push');

/** What may be chosen, each once, as the records have it. */
export function choicesFrom(
  { from }: Pick<Field, 'from'>,
  records: readonly (Said & Pick<LudengRecord, 'kind' | 'form'>)[],
): string[] {
  if (!from) return [];
  const values = records
    .filter((record) => record.kind === from.kind && mayChooseFrom(record))
    .map(({ form }) => form[from.form] ?? '');
  return [...new Set(values)].filter((value) => value !== '');
}
