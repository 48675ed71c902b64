import { hash } from 'node:crypto';
import { canonicalJson } from '#domain/canonical-json.ts';
import type { ImportLine, ImportedAppointment } from '#domain/registers/import/lines.ts';
import { judgeLine } from '#domain/registers/import/judge.ts';
import type { Judgement, KnownRows } from '#domain/registers/import/judge.ts';
import type { LockRule } from '#domain/registers/locks.ts';
import { lockReleaseSchema } from '#domain/registers/schema.ts';
import type { Appointment, RegisteredPerson, RegisteredWork } from '#domain/registers/schema.ts';
import type { RegisterImportRows } from '../ports/register-import-rows.ts';
import { noteOperation } from './bookkeeping.ts';
import { hold } from './hold.ts';
import type { Db, Trx } from './open-store.ts';
import { readEntries } from './register-log.ts';
import { putRows, toAppointment } from './register-rows.ts';
import { noteWorkChange, readWorks } from './work-writing.ts';

export function createRegisterImportRows(db: Db, rules: readonly LockRule[]): RegisterImportRows {
  return {
    appointmentId,
    known: (lines) => knownOf(db, lines),

    take: (lines, { at, by }) =>
      db.transaction().execute(async (trx) => {
        await holdAll(trx, lines);
        const known = await knownOf(trx, lines);
        const judged = lines.map((line) => judgeLine(line, known, { rules, appointmentId }));
        const taken = judged.flatMap((one) => ('line' in one ? [one] : []));
        if (taken.length === 0) return judged;
        const note = { at, by, source: 'import' } as const;
        await putRows(trx, rowsOf(taken), { rules, note });
        for (const { appointment } of taken) if (appointment) await tellWork(trx, appointment, note);
        await noteOperation(trx, {
          ...{ actor: by, action: 'registers-imported', refId: taken[0]?.line.what ?? '', at },
          detail: String(taken.length),
        });
        return judged;
      }),
  };
}

/** The same however often it is imported: what has ended since does not begin again. */
const appointmentId = ({ person, work, post, from }: ImportedAppointment): string =>
  `import-${hash('sha256', canonicalJson([person, work, post, from])).slice(0, 40)}`;

/** Works before people, each in one order, as everybody holds them. */
async function holdAll(trx: Trx, lines: readonly ImportLine[]): Promise<void> {
  // of two imports the second waits here, before it holds anything
  await hold(trx, 'import of registers');
  const { persons, works } = namedIn(lines);
  for (const work of works.toSorted()) await hold(trx, `work ${work}`);
  for (const person of persons.toSorted()) await hold(trx, person);
}

type Taken = Extract<Judgement, { line: ImportLine }>;
const rowsOf = (taken: readonly Taken[]) => ({
  persons: taken.flatMap(({ line }) => (line.what === 'person' ? [line.row] : [])),
  works: taken.flatMap(({ line }) => (line.what === 'work' ? [line.row] : [])),
  appointments: taken.flatMap(({ appointment }) => appointment ?? []),
});

const tellWork = (
  trx: Trx,
  { work, post, person }: Appointment,
  note: { at: string; by: string; source: 'import' },
): Promise<void> =>
  noteWorkChange(trx, work, { ...note, changes: [{ what: `post:${post}`, before: '', after: person }] });

function namedIn(lines: readonly ImportLine[]): { persons: string[]; works: string[]; permits: string[] } {
  const persons = lines.flatMap(({ what, row }) =>
    what === 'person' ? [row.id] : what === 'appointment' ? [row.person] : [],
  );
  const works = lines.flatMap(({ what, row }) =>
    what === 'work' ? [row.id] : what === 'appointment' ? [row.work] : [],
  );
  const permits = lines.flatMap(({ what, row }) => (what === 'work' ? (row.permitNumber ?? []) : []));
  return { persons: [...new Set(persons)], works: [...new Set(works)], permits };
}

async function knownOf(db: Db | Trx, lines: readonly ImportLine[]): Promise<KnownRows> {
  const { persons, works, permits } = namedIn(lines);
  const isOfPosts = lines.some(({ what }) => what === 'appointment');
  const people = await db
    .selectFrom('registered_person')
    .selectAll()
    .where('id', 'in', ['', ...persons])
    .execute();
  const held = isOfPosts ? await appointmentsOf(db, persons) : [];
  const all = await readWorks(db, [...new Set([...works, ...held.map(({ work }) => work)]), ''], permits);
  const appointments = new Map<string, Appointment[]>();
  for (const one of held) appointments.set(one.person, [...(appointments.get(one.person) ?? []), one]);
  const known = {
    persons: new Map(people.map((row) => [row.id, row])),
    works: new Map(all.map((row) => [row.id, row])),
  };
  return {
    ...{ ...known, appointments, releases: isOfPosts ? await releasesOf(db, persons) : [] },
    earlier: await earlierOf(db, lines, known),
  };
}

async function appointmentsOf(db: Db | Trx, people: readonly string[]): Promise<Appointment[]> {
  const rows = await db
    .selectFrom('appointment')
    .selectAll()
    .where('person', 'in', ['', ...people])
    .orderBy('id')
    .execute();
  return rows.map(toAppointment);
}

async function releasesOf(db: Db | Trx, people: readonly string[]): Promise<KnownRows['releases']> {
  const rows = await db
    .selectFrom('lock_release')
    .select('body')
    .where('person', 'in', ['', ...people])
    .execute();
  return rows.map(({ body }) => lockReleaseSchema.parse(JSON.parse(body)));
}

/** By the log, of those alone that stand here already. */
async function earlierOf(
  db: Db | Trx,
  lines: readonly ImportLine[],
  known: Pick<KnownRows, 'persons' | 'works'>,
): Promise<KnownRows['earlier']> {
  const streams = lines.flatMap(({ what, row }) => {
    if (what === 'appointment') return [];
    const stands = what === 'person' ? known.persons.has(row.id) : known.works.has(row.id);
    return stands ? [`${what} ${row.id}`] : [];
  });
  const earlier = new Map<string, (RegisteredPerson | RegisteredWork)[]>();
  for (const entry of await readEntries(db, [...new Set(streams)]))
    if (entry.what === 'person' || entry.what === 'work')
      earlier.set(entry.row.id, [...(earlier.get(entry.row.id) ?? []), entry.row]);
  return earlier;
}
