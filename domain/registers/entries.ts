/**
 * The log of the registers: each line holds a row as it was from then on, and nothing in it is ever altered. All that stands in
 * the registers follows from the lines alone.
 */
import { z } from 'zod';
import { locks } from './locks.ts';
import type { LockRule } from './locks.ts';
import {
  appointmentSchema,
  lockReleaseSchema,
  registeredPersonSchema,
  registeredWorkSchema,
} from './schema.ts';
import type { Appointment, Lock, LockRelease, RegisteredPerson, RegisteredWork } from './schema.ts';

export const registerEntrySchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('person'), row: registeredPersonSchema }),
  z.object({ what: z.literal('work'), row: registeredWorkSchema }),
  z.object({ what: z.literal('appointment'), row: appointmentSchema }),
  z.object({ what: z.literal('release'), id: z.string().min(1).max(64), row: lockReleaseSchema }),
]);
export type RegisterEntry = z.infer<typeof registerEntrySchema>;

/** Lines of one stream follow each other in the order in which they came about; of two streams neither waits for the other. */
export function streamOf(entry: RegisterEntry): string {
  if (entry.what === 'work') return `work ${entry.row.id}`;
  return `person ${entry.what === 'person' ? entry.row.id : entry.row.person}`;
}

export interface ProjectedRegisters {
  persons: RegisteredPerson[];
  works: RegisteredWork[];
  appointments: Appointment[];
  releases: (LockRelease & { id: string })[];
  locks: Lock[];
}

/** Of all lines, each stream in its order. Rows stand in the order of their ids. */
export function projectRegisters(
  entries: readonly RegisterEntry[],
  rules: readonly LockRule[],
): ProjectedRegisters {
  const persons = new Map<string, RegisteredPerson>();
  const works = new Map<string, RegisteredWork>();
  const appointments = new Map<string, Appointment>();
  const releases = new Map<string, LockRelease & { id: string }>();
  for (const entry of entries) {
    if (entry.what === 'person') persons.set(entry.row.id, entry.row);
    else if (entry.what === 'work') works.set(entry.row.id, entry.row);
    else if (entry.what === 'appointment') appointments.set(entry.row.id, entry.row);
    else releases.set(entry.id, { ...entry.row, id: entry.id });
  }
  const all = { works: inOrder(works), appointments: inOrder(appointments), releases: inOrder(releases) };
  const people = [...new Set(all.appointments.map(({ person }) => person))].sort();
  return {
    persons: inOrder(persons),
    ...all,
    locks: people.flatMap((person) =>
      locks({
        ...{ person, rules, works: all.works },
        appointments: all.appointments.filter((one) => one.person === person),
        releases: all.releases.filter((one) => one.person === person),
      }),
    ),
  };
}

const inOrder = <T>(rows: ReadonlyMap<string, T>): T[] =>
  [...rows].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, row]) => row);
