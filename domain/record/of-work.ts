/** The form of a record that is about a work: what of it is the register's word, and what begins as that. Pure. */
import type { OfWork } from '../catalogue/works.ts';
import type { Values } from '../primitives.ts';

/** `valueOf`: of the work, by the name under which it is altered and shown. */
export function formOfWork(
  { field, shows, starts }: OfWork,
  id: string,
  valueOf: (id: string) => string,
): Values {
  const told = (fields: Values): [string, string][] =>
    Object.entries(fields).flatMap(([own, of]) => (valueOf(of) === '' ? [] : [[own, valueOf(of)]]));
  return { [field]: id, ...Object.fromEntries([...told(starts), ...told(shows)]) };
}

/** Fields that nobody types at a portal. */
export const shownOfWork = ({ field, shows }: OfWork): string[] => [field, ...Object.keys(shows)];

/** What was typed, with the register's word where that stands. */
export function keepShown(ofWork: OfWork | undefined, before: Values, typed: Values): Values {
  if (!ofWork) return typed;
  const kept: Values = { ...typed };
  for (const id of shownOfWork(ofWork)) {
    const value = before[id];
    if (value === undefined) delete kept[id];
    else kept[id] = value;
  }
  return kept;
}
