/**
 * Lines of an import against what the register knows. An import adds and never alters: what stands there otherwise has been
 * decided since, and is refused with words. So the same file may be read as often as somebody likes. Pure.
 */
import { canonicalJson } from '../../canonical-json.ts';
import { canonicalPersonName } from '../../text/person-name.ts';
import { isBarred, locks } from '../locks.ts';
import type { LockRule } from '../locks.ts';
import type { Appointment, LockRelease, RegisteredPerson, RegisteredWork } from '../schema.ts';
import type { ImportLine, ImportedAppointment } from './lines.ts';
import type { ImportRefusal, ImportRefusalId } from './refusals.ts';

/** What is known of whatever some lines name; with what earlier lines of a trial would have written. */
export interface KnownRows {
  persons: Map<string, RegisteredPerson>;
  works: Map<string, RegisteredWork>;
  /** By the person. */
  appointments: Map<string, Appointment[]>;
  releases: readonly LockRelease[];
  /** Persons and works as they stood once, by their ids: what was taken, and altered by a decision since. */
  earlier: ReadonlyMap<string, readonly (RegisteredPerson | RegisteredWork)[]>;
}

/** beyond-limit: taken although the person is locked, since it was declared to be older than the register. */
export type Judgement =
  | { taken: 'taken' | 'beyond-limit'; line: ImportLine; appointment?: Appointment }
  | { taken: 'present' }
  | ImportRefusal;

interface JudgeOptions {
  rules: readonly LockRule[];
  /** One id for one appointment, however often it is imported. */
  appointmentId: (line: ImportedAppointment) => string;
}

/** One by one in their order; whatever is taken stands in `known` for the next. */
export function judgeLine(line: ImportLine, known: KnownRows, options: JudgeOptions): Judgement {
  if (line.what === 'person') return judgePerson(line, known);
  return line.what === 'work' ? judgeWork(line, known) : judgeAppointment(line, known, options);
}

const refuse = (refused: ImportRefusalId): ImportRefusal => ({ refused });

function judgePerson(line: ImportLine & { what: 'person' }, known: KnownRows): Judgement {
  const { row } = line;
  const standing = known.persons.get(row.id);
  if (!standing) {
    known.persons.set(row.id, row);
    return { taken: 'taken', line };
  }
  return isAnyOf(row, [standing, ...(known.earlier.get(row.id) ?? [])])
    ? { taken: 'present' }
    : refuse('person-differs');
}

function judgeWork(line: ImportLine & { what: 'work' }, known: KnownRows): Judgement {
  const { row } = line;
  const standing = known.works.get(row.id);
  if (standing)
    return isAnyOf(row, [standing, ...(known.earlier.get(row.id) ?? [])])
      ? { taken: 'present' }
      : refuse('work-differs');
  const { permitNumber } = row;
  const hasPermit = (one: RegisteredWork): boolean => one.permitNumber === permitNumber;
  if (permitNumber !== undefined && [...known.works.values()].some(hasPermit)) return refuse('permit-taken');
  known.works.set(row.id, row);
  return { taken: 'taken', line };
}

const isAnyOf = (
  row: RegisteredPerson | RegisteredWork,
  standing: readonly (RegisteredPerson | RegisteredWork)[],
): boolean => standing.some((one) => canonicalJson(one) === canonicalJson(row));

function judgeAppointment(
  line: ImportLine & { what: 'appointment' },
  known: KnownRows,
  { rules, appointmentId }: JudgeOptions,
): Judgement {
  const { row } = line;
  const person = known.persons.get(row.person);
  if (!person) return refuse('person-unknown');
  if (canonicalPersonName(person.name) !== canonicalPersonName(row.name))
    return refuse('person-otherwise-named');
  const work = known.works.get(row.work);
  if (!work) return refuse('work-unknown');
  const held = known.appointments.get(row.person) ?? [];
  const id = appointmentId(row);
  const same = held.find((one) => one.id === id) ?? held.find((one) => isSamePost(one, row));
  if (same) {
    const hasEndedHere = row.until !== undefined && same.until === undefined;
    return hasEndedHere ? refuse('still-appointed') : { taken: 'present' };
  }
  const isOpen = row.until === undefined;
  if (isOpen && held.some((one) => one.work === row.work && one.until === undefined))
    return refuse('named-twice');
  // what has ended, or is at a finished work, burdens nobody
  const counts = isOpen && work.state === 'under-construction';
  const isBeyond = counts && isBarred(work, locksOf(row.person, known, rules));
  if (isBeyond && !row.isStock) return refuse('locked');
  const { person: of, post, from, until } = row;
  const appointment = {
    ...{ id, person: of, work: work.id, post, from },
    ...(until === undefined ? {} : { until }),
  };
  known.appointments.set(row.person, [...held, appointment]);
  return { taken: isBeyond ? 'beyond-limit' : 'taken', line, appointment };
}

const isSamePost = (one: Appointment, row: ImportedAppointment): boolean =>
  one.work === row.work && one.post === row.post && one.until === undefined;

const locksOf = (person: string, known: KnownRows, rules: readonly LockRule[]) =>
  locks({
    ...{ person, rules, releases: known.releases, works: [...known.works.values()] },
    appointments: known.appointments.get(person) ?? [],
  });
