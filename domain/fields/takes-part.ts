/** Kinds whose value may be a part of what stands in a line (a date in a sentence, a grade behind its subject). Pure. */
import type { Field } from '../catalogue/field.ts';

export function takesPart({ kind, find }: Field): boolean {
  return (
    find?.pattern !== undefined || ['choice', 'date', 'period', 'credit-code', 'id-number'].includes(kind)
  );
}
