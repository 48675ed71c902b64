/** A file and its parts: whose a part is, and which parts a file has. */
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { PartOf } from '../catalogue/part-of.ts';
import { fieldRules } from '../fields/field-rules.ts';
import type { Values } from '../primitives.ts';

/** What of a record, or of its line in a list, names its file. */
export interface FileHolder {
  readonly kind: string;
  readonly form: Values;
  readonly materials: readonly { readonly slot: string; readonly values: Values }[];
}

/** What the answers of a part are while this file is open; '' where its paper has not been read yet. */
export function answersFromFile({ answers }: PartOf, file: FileHolder): Values {
  return Object.fromEntries(
    Object.entries(answers).map(([id, source]) => {
      if ('form' in source) return [id, file.form[source.form] ?? ''];
      const material = file.materials.find(({ slot }) => slot === source.slot);
      return [id, material?.values[source.field] ?? ''];
    }),
  );
}

export function isPartOfFile(
  { partOf }: Pick<RecordKind, 'partOf'>,
  { answers }: { answers: Values },
  file: FileHolder,
): boolean {
  if (partOf?.kind !== file.kind) return false;
  const key = answersFromFile(partOf, file)[partOf.key] ?? '';
  return key !== '' && answers[partOf.key] === key;
}

/** Kinds whose records are parts of the file of such a record, in the order of the programme's sections. */
export function partsOf(
  { recordKinds, sections }: Pick<Catalogue['programmes'][number], 'recordKinds' | 'sections'>,
  { id }: Pick<RecordKind, 'id'>,
): RecordKind[] {
  const order = sections.flatMap((section) => section.recordKinds);
  return recordKinds
    .filter(({ partOf }) => partOf?.kind === id)
    .sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

/** What is asked before the page opens: what the file says is not. */
export const askedOf = ({ asked, partOf }: RecordKind): RecordKind['asked'] =>
  asked.filter(({ id }) => !(id in (partOf?.answers ?? {})));
const fromFileOf = ({ asked, partOf }: RecordKind): RecordKind['asked'] =>
  asked.filter(({ id }) => id in (partOf?.answers ?? {}));

/**
 * LNC-047: the answers make the path; a kind that asks nothing has its own title. A part says whose it is, then what it is; 是 alone
 * says nothing, and a number tells a person nothing that the name does not.
 */
export function titleOfRecord(kind: RecordKind, answers: Values): string {
  const own = titleWords(askedOf(kind), answers);
  if (!kind.partOf) return own.join('-') || kind.title;
  return [...titleWords(fromFileOf(kind), answers), kind.title, ...own].join('-');
}
const titleWords = (fields: RecordKind['asked'], answers: Values): string[] =>
  fields.flatMap((field) => {
    const value = answers[field.id] ?? '';
    if (value === '' || field.kind === 'yes-no' || field.kind === 'id-number') return [];
    return [fieldRules[field.kind].format(value, field)];
  });

/** The heading of an open file: its list's name, and whose it is as far as its papers say it to its parts. */
export function titleOfFile(kind: RecordKind, parts: readonly RecordKind[], file: FileHolder): string {
  const [part] = parts;
  const names = part?.partOf ? titleWords(fromFileOf(part), answersFromFile(part.partOf, file)) : [];
  return [kind.file?.title ?? kind.title, ...names].join(' · ');
}
