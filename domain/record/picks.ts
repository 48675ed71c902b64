/** What a person who was chosen fills in. Pure. */
import type { CandidateValue, Pick as PersonPick } from '../catalogue/picks.ts';
import type { RecordKind } from '../catalogue/schema.ts';
import type { Values } from '../primitives.ts';

/** Somebody of the own unit, with the post and the work that he was found by. */
export type Candidate = { person: string; name: string } & Partial<Record<CandidateValue, string>>;

const picksOf = ({ browser }: Pick<RecordKind, 'browser'>): readonly PersonPick[] => browser?.picks ?? [];

export const pickThatBegins = (kind: Pick<RecordKind, 'browser'>): PersonPick | undefined =>
  picksOf(kind).find(({ begins }) => begins);

/** Those of a page, in which somebody is chosen once the record is there. */
export const laterPicks = (kind: Pick<RecordKind, 'browser'>): PersonPick[] =>
  picksOf(kind).filter(({ begins }) => !begins);

export const findPick = (kind: Pick<RecordKind, 'browser'>, id: string): PersonPick | undefined =>
  picksOf(kind).find((pick) => pick.id === id);

export const fieldsOfPicks = (kind: Pick<RecordKind, 'browser'>): string[] =>
  picksOf(kind).flatMap(({ fills }) => Object.keys(fills));

export const formOfPick = ({ fills }: Pick<PersonPick, 'fills'>, candidate: Candidate): Values =>
  Object.fromEntries(Object.entries(fills).map(([field, value]) => [field, candidate[value] ?? '']));

/** What is typed, but for the fields that a choice fills: those stay as they were chosen. */
export function keepPicked(kind: Pick<RecordKind, 'browser'>, before: Values, typed: Values): Values {
  const { ...form } = typed;
  for (const field of fieldsOfPicks(kind)) form[field] = before[field] ?? '';
  return form;
}

/** Posts that whoever comes in the role may choose from; undefined: all. */
export const postsFor = ({ posts }: Pick<PersonPick, 'posts'>, role: string): string[] | undefined =>
  posts?.filter(({ roles }) => roles.includes(role)).map(({ post }) => post);
