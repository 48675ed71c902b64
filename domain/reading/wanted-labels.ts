/** Which labels a document's fields are looked for by. */
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field, FieldKind } from '../catalogue/field.ts';
import { normaliseText } from '../text/normalise.ts';

export interface Wanted {
  label: string;
  chars: readonly string[];
  /** Its value is running text, in which words may look like labels. */
  prose: boolean;
}

const proseKinds: ReadonlySet<FieldKind> = new Set(['long-text', 'address', 'text', 'company-name']);

export function labelsOf(documentType: DocumentType): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const field of documentType.fields) {
    if (!field.find) continue;
    for (const raw of labelsOfField(field)) {
      const label = normaliseText(raw);
      if (!wanted.has(label))
        wanted.set(label, { label, chars: [...label], prose: proseKinds.has(field.kind) });
    }
  }
  // Longest first: 企业名称 before 名称.
  return [...wanted.values()].sort((a, b) => b.chars.length - a.chars.length);
}

/** As the configuration lists them; what the form calls the field is a label too. */
export function labelsOfField({ find, label }: Pick<Field, 'find' | 'label'>): readonly string[] {
  const listed = find?.labels ?? [];
  return listed.includes(label) || [...label].length < 3 ? listed : [...listed, label];
}
