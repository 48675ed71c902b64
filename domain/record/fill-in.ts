/** What was read from a paper goes into the form, and what a person has entered stays. Pure; page and server do the same. */
import type { Values } from '../primitives.ts';

export interface FilledForm {
  values: Values;
  /** What the papers said last, by field: how an entry is known as read, or as corrected. */
  filled: Values;
}

/** An empty field, and one that still holds what was read before, takes the new reading. */
export function fillIn({ values, filled }: FilledForm, readings: Values): FilledForm {
  const next: Values = { ...values };
  for (const [id, reading] of Object.entries(readings)) {
    const present = values[id] ?? '';
    if (present.trim() === '' || present === filled[id]) next[id] = reading;
  }
  return { values: next, filled: { ...filled, ...readings } };
}

export type EntryOrigin = 'typed' | 'read' | 'corrected';

/** Where an entry comes from, as it is marked beside the field. */
export function originOf(id: string, { values, filled }: FilledForm): EntryOrigin {
  const reading = filled[id];
  if (reading === undefined) return 'typed';
  return values[id] === reading ? 'read' : 'corrected';
}
