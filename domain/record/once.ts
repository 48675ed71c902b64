/** What a subject has once: which record stands where another would say the same, and by which words people know it. Pure. */
import { fieldAt } from '../catalogue/field-at.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { ValuePlace } from '../catalogue/in-browser.ts';
import { canonicalOf, fieldRules } from '../fields/field-rules.ts';
import type { LudengRecord } from './schema.ts';
import { valueAt } from './in-browser.ts';
import type { SaidInRecord } from './in-browser.ts';

/** Places of the values of which one record stands; none of them: the kind itself is had once. Undefined: there may be many. */
function placesOf({ oncePer, cardinality, actions }: RecordKind): readonly ValuePlace[] | undefined {
  return oncePer ?? (cardinality === 'one' && actions?.revise ? [] : undefined);
}

/** What is entered anew takes the place of what stood: beside it there is room for nothing. */
export const replacesWhatStands = (kind: RecordKind): boolean => placesOf(kind) !== undefined;

export interface Once {
  /** The same for every record of the subject that may not stand beside this one. */
  readonly key: string;
  /** As people know it: 税收完税证明（月度）2025年6月. */
  readonly title: string;
}

/** Undefined where the kind has many, or a value that tells them apart is not known yet. */
export function onceOf(
  catalogue: Catalogue,
  kind: RecordKind,
  record: SaidInRecord & { role: string },
): Once | undefined {
  const places = placesOf(kind);
  if (!places) return undefined;
  const found = places.map((place) => {
    const raw = valueAt(record, place);
    const field = fieldAt(kind, place, (id) => getDocumentType(catalogue, id));
    const value = field ? canonicalOf(raw, field) : raw.trim();
    return { value, text: field ? fieldRules[field.kind].format(value, field) : value };
  });
  if (found.some(({ value }) => value === '')) return undefined;
  return {
    key: JSON.stringify([kind.id, kind.sharedByRoles ? '' : record.role, ...found.map(({ value }) => value)]),
    title: [kind.title, ...found.map(({ text }) => text)].join(' '),
  };
}

/** Of the subject's others the one beside which this may not stand: not what it replaces, nor what counts no more. */
export function findRepeated<T extends LudengRecord>(
  catalogue: Catalogue,
  kind: RecordKind,
  {
    record,
    others,
  }: {
    record: SaidInRecord & Pick<LudengRecord, 'role' | 'id'> & { supersedes?: string | undefined };
    others: readonly T[];
  },
): { other: T; once: Once } | undefined {
  const once = onceOf(catalogue, kind, record);
  if (!once) return undefined;
  const other = others.find(
    (one) =>
      one.id !== record.id &&
      one.id !== record.supersedes &&
      // a correction of this very one is the same thing further on
      one.supersedes !== record.id &&
      one.state !== 'superseded' &&
      one.voided === undefined &&
      onceOf(catalogue, kind, one)?.key === once.key,
  );
  return other && { other, once };
}
