import type { ImportLine } from '#domain/registers/import/lines.ts';
import type { Judgement, KnownRows } from '#domain/registers/import/judge.ts';
import type { Appointment, RegisteredPerson, RegisteredWork } from '#domain/registers/schema.ts';

/** What a trial of an import would have written so far: later lines are judged by it, and nothing is kept. */
export function createTrialRegisters() {
  const persons = new Map<string, RegisteredPerson>();
  const works = new Map<string, RegisteredWork>();
  const permits = new Map<string, RegisteredWork>();
  const appointments = new Map<string, Appointment[]>();

  function addWork(known: KnownRows, work: RegisteredWork | undefined): void {
    if (work && !known.works.has(work.id)) known.works.set(work.id, work);
  }

  return {
    /** What the register knows of these lines, with what was noted here. */
    with(known: KnownRows, lines: readonly ImportLine[]): KnownRows {
      for (const { what, row } of lines) {
        const id = what === 'appointment' ? row.person : row.id;
        const person = persons.get(id);
        if (person && !known.persons.has(id)) known.persons.set(id, person);
        addWork(known, works.get(what === 'appointment' ? row.work : id));
        if (what === 'work') addWork(known, permits.get(row.permitNumber ?? ''));
        if (what !== 'appointment') continue;
        const standing = known.appointments.get(id) ?? [];
        const noted = (appointments.get(id) ?? []).filter(
          (one) => !standing.some((two) => two.id === one.id),
        );
        known.appointments.set(id, [...standing, ...noted]);
        for (const { work } of noted) addWork(known, works.get(work));
      }
      return known;
    },

    note(judged: readonly Judgement[], known: KnownRows): void {
      for (const one of judged) {
        if (!('line' in one)) continue;
        const { line, appointment } = one;
        if (line.what === 'person') persons.set(line.row.id, line.row);
        else if (line.what === 'work') {
          works.set(line.row.id, line.row);
          if (line.row.permitNumber !== undefined) permits.set(line.row.permitNumber, line.row);
        }
        if (!appointment) continue;
        appointments.set(appointment.person, [...(appointments.get(appointment.person) ?? []), appointment]);
        const work = known.works.get(appointment.work);
        if (work) works.set(work.id, work);
      }
    },
  };
}
